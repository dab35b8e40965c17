internal import ContextStore
internal import SoriProtocol

extension SessionRegistry {
    /// The sessions of this server, by name.
    var adminSessions: [AdminSessions.Session] {
        all.map { session in
            let onlookers = max(0, session.events.listenerCount - 1)
            return session.read { state in
                let rate = Double(state.format.sampleRate)
                return AdminSessions.Session(
                    id: session.id, holder: session.holder, isConnected: state.lostSince == nil,
                    language: state.language, policy: state.policy.rawValue, received: Double(state.received) / rate,
                    acknowledged: Double(state.acknowledged) / rate, isLate: state.isLate, onlookers: onlookers)
            }
        }.sorted { $0.id < $1.id }
    }

    /// The same, and those that are kept for all gateways.
    func adminSessions() async -> AdminSessions {
        var list = AdminSessions(sessions: adminSessions)
        guard let keeping else { return list }
        do throws(ContextStoreError) {
            list.stored = try await keeping.store.sessions(limit: 1000).map {
                .init(id: $0.session, owner: $0.owner, size: $0.size, timeLeft: $0.timeLeft)
            }
        } catch {
            // Absent says that nobody knows.
            list.stored = nil
        }
        return list
    }
}
