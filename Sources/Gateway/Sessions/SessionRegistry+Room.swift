internal import AccessTokens

/// Whether there is room for another session. Who is here goes before who may come back, so that those who left never fill a
/// server.
extension SessionRegistry {
    /// What a new session may do.
    struct Room {
        /// Why it may not come; `nil` when it may.
        var unavailableReason: String?
        /// Sessions without their clients, which have to give way to it.
        var lost: [SessionRunner] = []
    }

    /// Room beside all sessions of this server.
    func room(for grant: Grant, beside sessions: [String: SessionRunner]) -> Room {
        let lost = sessions.values.compactMap { session in session.read(\.lostSince).map { (session, $0) } }
            .sorted { $0.1 < $1.1 }.map(\.0)
        var room = ownRoom(of: grant, beside: sessions, lost: lost)
        guard room.unavailableReason == nil else { return room }
        switch admission.room(lost: lost.map(\.id)) {
        case .free: break
        case .instead(of: let ids):
            room.lost += ids.compactMap { id in sessions[id] }.filter { session in
                !room.lost.contains { $0 === session }
            }
        case .none:
            return Room(
                unavailableReason: "the machine is busy with \(sessions.count) sessions and captions would come late")
        }
        guard sessions.count - room.lost.count >= limits.sessions else { return room }
        guard let longest = lost.first(where: { session in !room.lost.contains { $0 === session } }) else {
            return Room(unavailableReason: "\(limits.sessions) sessions are open, which is the limit")
        }
        room.lost.append(longest)
        return room
    }

    /// Room beside the sessions of the same token: one that shares a token with nobody else has its own limit.
    private func ownRoom(
        of grant: Grant, beside sessions: [String: SessionRunner], lost: [SessionRunner]
    ) -> Room {
        guard let holder = grant.holder else { return Room() }
        let limit = grant.sessions ?? limits.sessionsPerToken
        guard sessions.values.count(where: { $0.holder == holder }) >= limit else { return Room() }
        guard let longest = lost.first(where: { $0.holder == holder }) else {
            return Room(unavailableReason: "\(limit) sessions are open with this token, which is its limit")
        }
        return Room(lost: [longest])
    }
}
