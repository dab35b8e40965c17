package import AccessTokens
internal import ContextStore
internal import Locks
internal import Logging
package import SoriProtocol

/// Sessions that come from other gateways.
extension SessionRegistry {
    /// Takes over the session that a client wants to resume, where another gateway has it; then ``open(_:)`` finds it.
    ///
    /// - Parameter grant: what the client may do.
    /// - Throws: ``RequestFailure`` when the store cannot say now whether there is such a session. One that is not there is
    ///   refused by ``open(_:)``.
    package func takeOver(_ start: ClientMessage.Start, _ grant: Grant = .everybody) async throws {
        guard let keeping, let id = start.session, let token = start.resumeToken else { return }
        if let here = session(id), await here.isOurs() { return }
        let isFirst = arriving.withLock { $0.insert(id).inserted }
        guard isFirst else { throw RequestFailure.tryAgain }
        defer { arriving.withLock { _ = $0.remove(id) } }
        let stored: StoredSession?
        do throws(ContextStoreError) {
            // Looked at first: whoever has no token takes nothing away from anybody.
            guard let there = try await keeping.store.read(id), record(there)?.has(token: token) == true else { return }
            stored = try await keeping.store.takeOver(id, owner: keeping.owner)
        } catch {
            guard error.code.isOutage else {
                return logger.warning("a session was not taken over", metadata: ["error": "\(error)"])
            }
            throw RequestFailure.tryAgain
        }
        guard let stored, let record = record(stored) else { return }
        try adopt(
            id, record, token: token, holder: grant.holder,
            keeper: SessionKeeper(keeping, session: id, fence: stored.fence))
    }

    /// What a session at another gateway tells; `nil` where there is no such session, or nobody can say.
    ///
    /// - Parameter lastFinal: number of the last utterance whose final the onlooker has; `nil` for none.
    package func eventsElsewhere(of id: String, after lastFinal: Int?) async -> RemoteEvents? {
        guard let keeping else { return nil }
        do throws(ContextStoreError) {
            let events = try await keeping.store.events(of: id)
            guard let stored = try await keeping.store.read(id), let record = record(stored) else {
                events.cancel()
                return nil
            }
            return RemoteEvents(finals: record.finals, after: lastFinal, events: events)
        } catch {
            return nil
        }
    }

    private func record(_ stored: StoredSession) -> SessionRecord? {
        do { return try SessionRecord(bytes: stored.record) } catch {
            logger.warning(
                "a stored session cannot be read; run the same version of Sori on all gateways",
                metadata: ["session": "\(stored.session)", "error": "\(error)"])
            return nil
        }
    }
}

extension RequestFailure {
    /// Nothing is known of the session now.
    static let tryAgain = RequestFailure(
        .internalError, "the session cannot be looked up now; resume it in a moment", retryAfter: 1)
}
