package import ContextStore
internal import Locks

/// Where the sessions of a gateway are kept so that others can go on with them.
package struct SessionKeeping: Sendable {
    let store: ResilientContextStore
    /// This gateway's name.
    let owner: String
    /// Seconds after which a silent session's record is renewed.
    let renewal: Double

    /// - Parameter timeToLive: seconds after which the store forgets a session.
    package init(store: ResilientContextStore, owner: String, timeToLive: Double) {
        self.store = store
        self.owner = owner
        renewal = timeToLive / 3
    }
}

/// Stores the record of one session, as its only owner.
final class SessionKeeper: Sendable {
    /// What became of a record.
    enum Outcome: Sendable {
        case stored
        /// Another gateway has the session now.
        case lost
        /// It is not stored; the session goes on without.
        case failed(ContextStoreError)
    }

    private let keeping: SessionKeeping
    private let session: String
    private let fence: Guarded<Fence?>

    /// - Parameter fence: of a session that was taken over; `nil` for a new one.
    init(_ keeping: SessionKeeping, session: String, fence: Fence? = nil) {
        self.keeping = keeping
        self.session = session
        self.fence = Guarded(fence)
    }

    /// Whether other gateways can see what is stored now.
    var isShared: Bool { !keeping.store.isDegraded }

    /// Stores a record in place of the one before; to be called one at a time.
    func save(_ record: [UInt8]) async -> Outcome {
        await attempt { fence throws(ContextStoreError) in
            if let fence {
                do throws(ContextStoreError) {
                    return try await self.keeping.store.save(record, of: self.session, fence: fence)
                } catch {
                    // It has expired: nobody else has taken it.
                    guard error.code == .notFound else { throw error }
                }
            }
            let new = try await self.keeping.store.create(self.session, owner: self.keeping.owner, record: record)
            self.fence.withLock { $0 = new }
        }
    }

    /// Renews the time to live of a record, now and again, until the session is lost or the task is cancelled.
    func renew() async -> Outcome? {
        while true {
            do { try await Task.sleep(for: .seconds(keeping.renewal)) } catch { return nil }
            let outcome = await renewNow()
            if case .lost = outcome { return outcome }
        }
    }

    /// Renews the time to live of a record, and finds out whether the session is still this gateway's.
    func renewNow() async -> Outcome {
        await attempt { fence throws(ContextStoreError) in
            if let fence { try await self.keeping.store.renew(self.session, fence: fence) }
        }
    }

    /// Waits until another gateway takes the session over.
    ///
    /// - Returns: whether one has; not when the task is cancelled.
    func waitForTakeover() async -> Bool {
        while !Task.isCancelled {
            // Where the store does not answer, the next record that is saved says who has the session.
            if let takeovers = try? await keeping.store.takeovers(of: session) {
                defer { takeovers.cancel() }
                for await takeover in takeovers {
                    guard let own = fence.withLock(\.self), takeover.fence > own else { continue }
                    await keeping.store.disown(session, fence: takeover.fence)
                    return true
                }
            }
            do { try await Task.sleep(for: .seconds(1)) } catch { break }
        }
        return false
    }

    /// Tells onlookers at other gateways. What cannot be told there is not told.
    func publish(_ event: String) async { try? await keeping.store.publish(Array(event.utf8), of: session) }

    /// Forgets the session.
    func remove() async {
        guard let fence = fence.withLock(\.self) else { return }
        // What stays behind expires by itself.
        try? await keeping.store.remove(session, fence: fence)
    }

    private func attempt(_ body: (Fence?) async throws(ContextStoreError) -> Void) async -> Outcome {
        do throws(ContextStoreError) {
            try await body(fence.withLock(\.self))
            return .stored
        } catch {
            return error.code == .fenced || error.code == .alreadyExists ? .lost : .failed(error)
        }
    }
}
