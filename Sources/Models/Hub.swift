import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// A Hugging Face hub: its list of a repository's files, with sizes and digests, and their addresses.
struct Hub {
    let client: HTTPClient
    /// `https://huggingface.co`, or a mirror.
    let address: String
    let headers: HTTPHeaders

    /// One line of the hub's answer; `lfs` is there for large files, whose `oid` is a SHA-256.
    private struct Entry: Decodable {
        struct Large: Decodable {
            let oid: String
        }

        let type: String
        let path: String
        let oid: String
        let size: Int
        let lfs: Large?
    }

    /// The files that make up a model.
    func files(of model: ModelDescription) async throws -> [RemoteFile] {
        let list = "\(address)/api/models/\(model.repository)/tree/main"
        var request = HTTPClientRequest(url: list)
        request.headers = headers
        let body: ByteBuffer
        do {
            let response = try await client.execute(request, deadline: .distantFuture)
            guard response.status == .ok else { throw HTTPFailure.error(for: response.status, address: list) }
            body = try await response.body.collect(upTo: 1 << 22)
        } catch let error as ModelsError {
            throw error
        } catch {
            try Task.checkCancellation()
            throw ModelsError(
                .unreachable, "\(address): \(NetworkFailure(error).reason): check the network, or the hub's address",
                cause: error)
        }
        let entries: [Entry]
        do {
            entries = try JSONDecoder().decode([Entry].self, from: Data(body.readableBytesView))
        } catch {
            throw ModelsError(.badAnswer, "\(list): this is not a hub's list of files", cause: error)
        }
        let wanted = entries.filter { $0.type == "file" && model.wants($0.path) }
        let weights = model.file ?? "model.bin"
        guard wanted.contains(where: { $0.path == weights }) else {
            throw ModelsError(
                .notFound,
                "\(model.repository) has no \(weights): give a repository with a CTranslate2 model, or OWNER/REPO/ggml-….bin"
            )
        }
        return try wanted.map { entry in
            let digest = entry.lfs.map { Digest.sha256($0.oid) } ?? .gitBlob(entry.oid)
            // The digest becomes part of a file's name.
            guard entry.size >= 0, digest.hexadecimal.allSatisfy(\.isHexDigit) else {
                throw ModelsError(.badAnswer, "\(list): this is not a hub's list of files")
            }
            let file = "\(address)/\(model.repository)/resolve/main/\(entry.path)"
            return RemoteFile(name: entry.path, address: file, bytes: entry.size, digest: digest)
        }
    }
}
