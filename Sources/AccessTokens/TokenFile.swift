package import Foundation

/// Why tokens cannot be read or changed.
package struct TokenFileError: Error, Sendable, CustomStringConvertible {
    package enum Code: Sendable, Equatable {
        /// There is no such file, or it may not be read.
        case unreadable
        /// Its content is something else.
        case malformed
        /// It cannot be written.
        case unwritable
        /// It holds no such token.
        case unknownToken
    }

    package let code: Code
    /// One line that says what is wrong and what to do.
    package let description: String
    package let cause: (any Error)?

    package init(_ code: Code, _ description: String, cause: (any Error)? = nil) {
        self.code = code
        self.description = description
        self.cause = cause
    }
}

/// The file that tokens are kept in: JSON, readable by its owner only. It is replaced as a whole, so a server that reads it
/// finds all of the old tokens or all of the new.
package struct TokenFile: Sendable {
    /// The largest file that is read, in bytes: 100,000 tokens have room.
    private static let longest = 1 << 26

    private struct Content: Codable {
        var version = 1
        var tokens: [TokenRecord]
    }

    package let path: String

    package init(path: String) {
        self.path = path
    }

    /// All tokens, in the order in which they were made.
    ///
    /// - Throws: ``TokenFileError``.
    package func read() throws -> [TokenRecord] {
        let data: Data
        do {
            let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? handle.close() }
            data = try handle.read(upToCount: Self.longest + 1) ?? Data()
        } catch {
            throw TokenFileError(
                .unreadable, "cannot read tokens from \(path); make the first with `sori token add --tokens \(path)`",
                cause: error)
        }
        do {
            let decoder = JSONDecoder()
            decoder.dateDecodingStrategy = .iso8601
            let content = try decoder.decode(Content.self, from: data)
            guard content.version == 1, data.count <= Self.longest else { throw CocoaError(.fileReadCorruptFile) }
            return content.tokens
        } catch {
            throw TokenFileError(
                .malformed, "\(path) is no file of tokens; name another one, or make one with `sori token add`",
                cause: error)
        }
    }

    /// Changes the tokens while nobody else does. A file that is not there begins empty.
    ///
    /// - Throws: ``TokenFileError``, and what `body` throws; the file is as before then.
    package func change<Result>(_ body: (inout [TokenRecord]) throws -> Result) throws -> Result {
        // The file itself is replaced, so another one beside it is locked.
        let lock = open(path + ".lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard lock >= 0 else { throw unwritable() }
        defer { close(lock) }
        guard flock(lock, LOCK_EX) == 0 else { throw unwritable() }
        var tokens = FileManager.default.fileExists(atPath: path) ? try read() : []
        let result = try body(&tokens)
        try write(tokens)
        return result
    }

    private func write(_ tokens: [TokenRecord]) throws {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        let new = path + ".new"
        do {
            let data = try encoder.encode(Content(tokens: tokens))
            try? FileManager.default.removeItem(atPath: new)
            guard FileManager.default.createFile(atPath: new, contents: nil, attributes: [.posixPermissions: 0o600])
            else { throw unwritable() }
            let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: new))
            try handle.write(contentsOf: data)
            try handle.synchronize()
            try handle.close()
        } catch let error as TokenFileError {
            throw error
        } catch {
            throw unwritable(error)
        }
        guard rename(new, path) == 0 else { throw unwritable() }
    }

    private func unwritable(_ cause: (any Error)? = nil) -> TokenFileError {
        let reason = cause.map { "\($0.localizedDescription)" } ?? String(cString: strerror(errno))
        return TokenFileError(
            .unwritable, "cannot write \(path): \(reason); name another file with --tokens", cause: cause)
    }
}
