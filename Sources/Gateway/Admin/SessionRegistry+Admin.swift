internal import ContextStore
internal import SoriProtocol

extension SessionRegistry {
    /// How sessions that begin from now on are captioned.
    var adminCaptions: AdminCaptions {
        let captioning = captioning
        return AdminCaptions(captioning.settings, standard: settings, detector: captioning.usesDetector)
    }

    /// The sessions of this server, by name.
    var adminSessions: [AdminSessions.Session] {
        all.map { session in
            let onlookers = max(0, session.events.listenerCount - 1)
            let level = session.level
            return session.read { state in
                let rate = Double(state.format.sampleRate)
                return AdminSessions.Session(
                    id: session.id, name: SessionName(ofSession: session.id)?.text, holder: session.holder,
                    isConnected: state.lostSince == nil,
                    language: state.language, policy: state.policy.rawValue, received: Double(state.received) / rate,
                    acknowledged: Double(state.acknowledged) / rate, isLate: state.isLate, onlookers: onlookers,
                    level: level)
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
