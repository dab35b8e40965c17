package import Foundation
internal import Locks
package import Logging

/// The tokens that a server knows. It follows its file: a token that is revoked lets nobody in a second later.
package final class TokenRegistry: Sendable {
    /// How long what was read of the file counts.
    private static let patience = Duration.seconds(1)

    private struct State {
        var records: [String: TokenRecord]
        var stamp: Stamp?
        var lookedAt: ContinuousClock.Instant
    }

    /// Tells a changed file from one that is as before.
    private struct Stamp: Equatable {
        let modified: Date?
        let size: Int?
        let inode: Int?

        init?(_ path: String) {
            guard let facts = try? FileManager.default.attributesOfItem(atPath: path) else { return nil }
            modified = facts[.modificationDate] as? Date
            size = facts[.size] as? Int
            inode = facts[.systemFileNumber] as? Int
        }
    }

    private let file: TokenFile
    private let logger: Logger
    private let state: Guarded<State>

    /// - Throws: ``TokenFileError`` when the file cannot be read.
    package init(_ file: TokenFile, logger: Logger) throws {
        self.file = file
        self.logger = logger
        // Before the file is read: a change in between is found the next time.
        let stamp = Stamp(file.path)
        state = Guarded(State(records: Self.byID(try file.read()), stamp: stamp, lookedAt: .now))
    }

    /// What a token grants; `nil` for nothing.
    ///
    /// - Parameters:
    ///   - now: what expiry is compared with.
    ///   - instant: when the file is looked at again.
    package func grant(
        for text: String, at now: Date = Date(), _ instant: ContinuousClock.Instant = .now
    ) -> Grant? {
        guard let token = TokenText(text) else { return nil }
        return state.withLock { state in
            // One that nobody knows may have been made just now.
            if state.records[token.id] == nil { state.lookedAt = instant - Self.patience }
            follow(&state, at: instant)
            return state.records[token.id]?.grant(for: token, at: now)
        }
    }

    /// Whether a token was revoked, or is gone. One that has expired lets nobody in, but whoever is in may stay.
    package func isRevoked(_ id: String, _ instant: ContinuousClock.Instant = .now) -> Bool {
        state.withLock { state in
            follow(&state, at: instant)
            return state.records[id]?.revoked != nil || state.records[id] == nil
        }
    }

    private func follow(_ state: inout State, at instant: ContinuousClock.Instant) {
        guard instant - state.lookedAt >= Self.patience else { return }
        state.lookedAt = instant
        let stamp = Stamp(file.path)
        guard stamp != state.stamp else { return }
        state.stamp = stamp
        do {
            state.records = Self.byID(try file.read())
        } catch {
            // A server that forgot its tokens would turn everybody out; those of before stay.
            logger.error("the tokens cannot be read again; those of before count", metadata: ["error": "\(error)"])
        }
    }

    private static func byID(_ records: [TokenRecord]) -> [String: TokenRecord] {
        Dictionary(records.map { ($0.id, $0) }) { _, newer in newer }
    }
}
