internal import ContextStore
internal import Locks
internal import SoriProtocol

/// Sessions that have a name, and who follows it.
extension SessionRegistry {
    /// The ids of stored sessions, as they were a moment ago: many may ask.
    struct StoredIDs: Sendable {
        /// So long an answer counts.
        static let life = Duration.seconds(1)

        let ids: [String]
        let readAt: ContinuousClock.Instant
    }

    /// Keeps a name to those who have it now.
    ///
    /// - Throws: ``RequestFailure`` where sessions of somebody else have that name.
    func check(_ name: SessionName?, of holder: String?, beside sessions: [String: SessionRunner]) throws {
        guard let name else { return }
        for (id, session) in sessions where SessionName(ofSession: id) == name && session.holder != holder {
            throw RequestFailure(.badStart, "'name' is in use by somebody else; choose another")
        }
    }

    /// Id of the newest session of a name, here or at another gateway.
    package func newestSession(named name: SessionName) async -> String? {
        let stored = await storedIDs()
        return name.newest(of: all.map(\.id) + stored)
    }

    private func storedIDs() async -> [String] {
        guard let keeping else { return [] }
        let now = ContinuousClock.now
        if let known = stored.withLock(\.self), now - known.readAt < StoredIDs.life { return known.ids }
        // What cannot be read is what it was.
        guard let list = try? await keeping.store.sessions(limit: .max) else {
            return stored.withLock { $0?.ids ?? [] }
        }
        let ids = list.map(\.session)
        stored.withLock { $0 = StoredIDs(ids: ids, readAt: now) }
        return ids
    }

    /// Counts somebody who begins to follow a name.
    ///
    /// - Returns: whether there was room; then ``leave(_:)`` follows.
    func follow(_ name: SessionName) -> Bool {
        followers.withLock { followers in
            guard followers[name, default: 0] < limits.onlookers else { return false }
            followers[name, default: 0] += 1
            return true
        }
    }

    /// Counts somebody who does not follow a name any longer.
    func leave(_ name: SessionName) {
        followers.withLock { followers in
            let left = followers[name, default: 1] - 1
            followers[name] = left > 0 ? left : nil
        }
    }
}
