import Crypto
import Foundation

/// What a file's content must hash to.
enum Digest: Sendable, Hashable {
    /// SHA-256, in hexadecimal.
    case sha256(String)
    /// The name git gives a file's content: SHA-1 of `blob SIZE`, a zero byte and the content, in hexadecimal.
    case gitBlob(String)

    /// The hexadecimal digits.
    var hexadecimal: String {
        switch self {
        case .sha256(let digits), .gitBlob(let digits): digits
        }
    }
}

/// Hashes a file's content piece by piece: SHA-256 always, and git's name for it where that is what is known.
struct ContentHasher {
    private var sha256 = SHA256()
    private var gitBlob: Insecure.SHA1?
    /// The bytes hashed so far.
    private(set) var bytes = 0

    /// Starts hashing.
    ///
    /// - Parameter gitBlobOf: The content's size, where git's name is wanted.
    init(gitBlobOf size: Int? = nil) {
        guard let size else { return }
        var hasher = Insecure.SHA1()
        hasher.update(data: Data("blob \(size)\0".utf8))
        gitBlob = hasher
    }

    mutating func update(_ data: Data) {
        sha256.update(data: data)
        gitBlob?.update(data: data)
        bytes += data.count
    }

    /// Hashes what is in a file, in pieces, so that a model never has to be in memory.
    mutating func update(contentsOf file: URL) throws {
        let handle = try FileHandle(forReadingFrom: file)
        defer { try? handle.close() }
        while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty {
            update(piece)
        }
    }

    /// SHA-256 of everything so far, in hexadecimal.
    var sha256Digits: String { digits(sha256.finalize()) }

    /// Whether everything so far is what was to be expected.
    func matches(_ digest: Digest) -> Bool {
        switch digest {
        case .sha256(let expected): sha256Digits == expected
        case .gitBlob(let expected): gitBlob.map { digits($0.finalize()) } == expected
        }
    }

    private func digits(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
