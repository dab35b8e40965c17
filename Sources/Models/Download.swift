import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// A file to fetch: where it is and what it must hold.
struct RemoteFile {
    let name: String
    let address: String
    let bytes: Int
    let digest: Digest
}

/// Fetches files over HTTP, each going on where an earlier try stopped.
///
/// What has arrived is kept in a file named after the digest of the whole, so that it is only continued with bytes of the
/// very same content, also in a later run.
struct Download {
    let client: HTTPClient
    let headers: HTTPHeaders
    let retries: RetryPolicy

    /// Fetches a file into a folder, or does nothing if it is there.
    ///
    /// - Parameters:
    ///   - progress: Is told how many of the file's bytes are here.
    ///   - retrying: Is told why, before a pause of that many seconds.
    func fetch(
        _ file: RemoteFile, into folder: URL, progress: (Int) -> Void, retrying: (String, Double) -> Void
    ) async throws -> ModelRecord.File {
        let part = PartialFile(file, in: folder)
        if let record = try part.finished() {
            progress(file.bytes)
            return record
        }
        var failures = 0
        while true {
            let before = part.bytes
            do {
                try await fetchRest(of: file, into: part, progress: progress)
                return try part.finish()
            } catch {
                try Task.checkCancellation()
                if error is ModelsError { throw error }
                let failure = NetworkFailure(error)
                failures = part.bytes > before ? 1 : failures + 1
                guard let seconds = retries.pause(after: failures) else {
                    throw ModelsError(
                        .unreachable,
                        "\(file.address): \(failure.reason); run the same command again, it goes on where it stopped",
                        cause: error)
                }
                retrying(failure.reason, seconds)
                try await Task.sleep(for: .seconds(seconds))
            }
        }
    }

    private func fetchRest(of file: RemoteFile, into part: PartialFile, progress: (Int) -> Void) async throws {
        var writer = try part.open()
        defer { writer.close() }
        progress(writer.bytes)
        guard writer.bytes < file.bytes else { return }
        var request = HTTPClientRequest(url: file.address)
        request.headers = headers
        if writer.bytes > 0 { request.headers.add(name: "range", value: "bytes=\(writer.bytes)-") }
        let response = try await client.execute(request, deadline: .distantFuture)
        switch response.status {
        case .partialContent
        where response.headers.first(name: "content-range")?.hasPrefix("bytes \(writer.bytes)-") == true:
            break
        case .ok:
            // A server that knows no ranges sends everything again.
            try writer.restart()
        case .partialContent, .rangeNotSatisfiable:
            try writer.restart()
            throw NetworkFailure(reason: "the server cannot go on in the middle of the file")
        default:
            throw HTTPFailure.error(for: response.status, address: file.address)
        }
        for try await buffer in response.body {
            try writer.write(Data(buffer.readableBytesView))
            progress(writer.bytes)
        }
        if writer.bytes < file.bytes { throw NetworkFailure(reason: "the connection was lost") }
    }
}

/// What an answer other than success means.
enum HTTPFailure {
    /// The error for a status: one that may pass, or one to show.
    static func error(for status: HTTPResponseStatus, address: String) -> any Error {
        switch status.code {
        case 401, 403:
            ModelsError(
                .noAccess,
                "\(address): no access (\(status.code)): the name is wrong or the model is not public; "
                    + "if it is yours, put a token into HF_TOKEN")
        case 404, 410:
            ModelsError(.notFound, "\(address): there is nothing there (\(status.code)): check the model's name")
        case 408, 429, 500...:
            NetworkFailure(reason: "the server answered \(status.code) \(status.reasonPhrase)")
        default:
            ModelsError(.badAnswer, "\(address): unexpected answer \(status.code): check the address of the hub")
        }
    }
}

/// How often a connection without any progress is tried again, and after which pauses.
package struct RetryPolicy: Sendable {
    /// How many times in a row.
    package var limit = 6
    /// The first pause, in seconds; each further one is twice as long.
    package var firstPause = 1.0

    package init(limit: Int = 6, firstPause: Double = 1) {
        self.limit = limit
        self.firstPause = firstPause
    }

    /// The pause after so many failures in a row, in seconds, or nil to give up.
    func pause(after failures: Int) -> Double? {
        guard failures <= limit else { return nil }
        return firstPause * Double(1 << (failures - 1))
    }
}
