/// Sessions in memory: values only, on a clock in seconds that its user keeps.
struct MemorySessions: Sendable {
    private struct Entry {
        var fence: Fence
        var owner: String
        var record: [UInt8]
        var changedAt: Double
        var expiresAt: Double
    }

    private let timeToLive: Double
    private let limit: Int
    private var entries: [String: Entry] = [:]

    /// - Parameters:
    ///   - timeToLive: in seconds.
    ///   - limit: how many sessions are kept.
    init(timeToLive: Double, limit: Int) {
        self.timeToLive = timeToLive
        self.limit = limit
    }

    /// Adds a session; throws ``ContextStoreError/Code/alreadyExists`` or ``ContextStoreError/Code/full``.
    mutating func create(
        _ session: String, fence: Fence, owner: String, record: [UInt8], at now: Double
    ) throws(ContextStoreError) {
        guard live(session, at: now) == nil else { throw .alreadyExists(session) }
        try makeRoom(at: now)
        put(session, fence, owner, record, at: now)
    }

    /// Replaces a record; throws ``ContextStoreError/Code/fenced`` or ``ContextStoreError/Code/notFound``.
    mutating func save(
        _ record: [UInt8], of session: String, fence: Fence, at now: Double
    ) throws(ContextStoreError) {
        let owned = try owned(session, by: fence, at: now)
        put(session, fence, owned.owner, record, at: now)
    }

    /// Lets a session live on; throws what ``save(_:of:fence:at:)`` does.
    mutating func renew(_ session: String, fence: Fence, at now: Double) throws(ContextStoreError) {
        _ = try owned(session, by: fence, at: now)
        entries[session]?.expiresAt = now + timeToLive
    }

    /// Gives a session to somebody; `nil` when there is none.
    ///
    /// - Parameter fence: the new one, unless the former one is greater.
    mutating func takeOver(_ session: String, fence: Fence, owner: String, at now: Double) -> StoredSession? {
        guard let former = live(session, at: now) else { return nil }
        put(session, max(fence, Fence(former.fence.value + 1)), owner, former.record, at: now)
        return read(session, at: now)
    }

    /// Puts a session back; throws ``ContextStoreError/Code/fenced`` or ``ContextStoreError/Code/full``.
    ///
    /// - Returns: whether somebody with a smaller fence has lost the session.
    mutating func restore(_ stored: StoredSession, at now: Double) throws(ContextStoreError) -> Bool {
        let former = live(stored.session, at: now)
        if let former, former.fence > stored.fence { throw .fenced(stored.session) }
        if former == nil { try makeRoom(at: now) }
        put(stored.session, stored.fence, stored.owner, stored.record, at: now)
        return former.map { $0.fence < stored.fence } ?? false
    }

    /// A session; `nil` when there is none.
    func read(_ session: String, at now: Double) -> StoredSession? {
        live(session, at: now).map {
            StoredSession(session: session, fence: $0.fence, owner: $0.owner, record: $0.record)
        }
    }

    /// Forgets a session; throws ``ContextStoreError/Code/fenced``.
    mutating func remove(_ session: String, fence: Fence, at now: Double) throws(ContextStoreError) {
        if let entry = live(session, at: now), entry.fence != fence { throw .fenced(session) }
        entries[session] = nil
    }

    /// At most `limit` sessions, those that expire first in front.
    func list(_ limit: Int, at now: Double) -> [SessionSummary] {
        entries.filter { $0.value.expiresAt > now }
            .sorted { ($0.value.expiresAt, $0.key) < ($1.value.expiresAt, $1.key) }
            .prefix(limit)
            .map { session, entry in
                SessionSummary(
                    session: session, fence: entry.fence, owner: entry.owner, size: entry.record.count,
                    changedAt: entry.changedAt, timeLeft: entry.expiresAt - now)
            }
    }

    private func live(_ session: String, at now: Double) -> Entry? {
        entries[session].flatMap { $0.expiresAt > now ? $0 : nil }
    }

    private func owned(_ session: String, by fence: Fence, at now: Double) throws(ContextStoreError) -> Entry {
        guard let entry = live(session, at: now) else { throw .notFound(session) }
        guard entry.fence == fence else { throw .fenced(session) }
        return entry
    }

    private mutating func put(_ session: String, _ fence: Fence, _ owner: String, _ record: [UInt8], at now: Double) {
        entries[session] = Entry(
            fence: fence, owner: owner, record: record, changedAt: now, expiresAt: now + timeToLive)
    }

    private mutating func makeRoom(at now: Double) throws(ContextStoreError) {
        entries = entries.filter { $0.value.expiresAt > now }
        guard entries.count < limit else {
            throw ContextStoreError(.full, "\(limit) sessions are stored, which is the limit; end some of them")
        }
    }
}
