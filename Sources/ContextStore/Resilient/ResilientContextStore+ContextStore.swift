extension ResilientContextStore: ContextStore {
    package func create(
        _ session: String, owner: String, record: [UInt8]
    ) async throws(ContextStoreError) -> Fence {
        if !isDegraded {
            do throws(ContextStoreError) {
                let fence = try await primary.create(session, owner: owner, record: record)
                await keep(StoredSession(session: session, fence: fence, owner: owner, record: record))
                return fence
            } catch { try tolerate(error) }
        }
        let fence = try await memory.create(session, owner: owner, record: record)
        try await owe(.restore, of: session)
        return fence
    }

    package func save(_ record: [UInt8], of session: String, fence: Fence) async throws(ContextStoreError) {
        if !isDegraded {
            do throws(ContextStoreError) {
                do throws(ContextStoreError) {
                    try await primary.save(record, of: session, fence: fence)
                } catch {
                    try await restoreLost(session, fence: fence, record: record, after: error)
                }
                try? await memory.save(record, of: session, fence: fence)
                return
            } catch { try tolerate(error) }
        }
        do throws(ContextStoreError) {
            try await memory.save(record, of: session, fence: fence)
        } catch { throw error.code == .notFound ? unknown : error }
        try await owe(.restore, of: session)
    }

    package func renew(_ session: String, fence: Fence) async throws(ContextStoreError) {
        if !isDegraded {
            do throws(ContextStoreError) {
                do throws(ContextStoreError) {
                    try await primary.renew(session, fence: fence)
                } catch {
                    try await restoreLost(session, fence: fence, record: nil, after: error)
                }
                try? await memory.renew(session, fence: fence)
                return
            } catch { try tolerate(error) }
        }
        do throws(ContextStoreError) {
            try await memory.renew(session, fence: fence)
        } catch { throw error.code == .notFound ? unknown : error }
        try await owe(.restore, of: session)
    }

    package func takeOver(_ session: String, owner: String) async throws(ContextStoreError) -> StoredSession? {
        if !isDegraded {
            do throws(ContextStoreError) {
                let stored = try await primary.takeOver(session, owner: owner)
                if let stored { await keep(stored) }
                return stored
            } catch { try tolerate(error) }
        }
        guard let stored = try await memory.takeOver(session, owner: owner) else { throw unknown }
        try await owe(.restore, of: session)
        return stored
    }

    package func restore(_ stored: StoredSession) async throws(ContextStoreError) {
        if !isDegraded {
            do throws(ContextStoreError) {
                try await primary.restore(stored)
                await keep(stored)
                return
            } catch { try tolerate(error) }
        }
        try await memory.restore(stored)
        try await owe(.restore, of: stored.session)
    }

    package func read(_ session: String) async throws(ContextStoreError) -> StoredSession? {
        if !isDegraded {
            do throws(ContextStoreError) {
                return try await primary.read(session)
            } catch { try tolerate(error) }
        }
        if let stored = try await memory.read(session) { return stored }
        throw unknown
    }

    package func remove(_ session: String, fence: Fence) async throws(ContextStoreError) {
        if !isDegraded {
            do throws(ContextStoreError) {
                // Whatever the store says to it.
                await disown(session, fence: fence)
                return try await primary.remove(session, fence: fence)
            } catch { try tolerate(error) }
        }
        try await memory.remove(session, fence: fence)
        try await owe(.remove(fence), of: session)
    }

    /// During an outage, those that are owned here.
    package func sessions(limit: Int) async throws(ContextStoreError) -> [SessionSummary] {
        if !isDegraded {
            do throws(ContextStoreError) {
                return try await primary.sessions(limit: limit)
            } catch { try tolerate(error) }
        }
        return try await memory.sessions(limit: limit)
    }

    /// During an outage, heard only at this gateway. The event with which it begins may be heard twice.
    package func publish(_ event: [UInt8], of session: String) async throws(ContextStoreError) {
        if !isDegraded {
            do throws(ContextStoreError) {
                return try await primary.publish(event, of: session)
            } catch { try tolerate(error) }
        }
        try await memory.publish(event, of: session)
    }

    package func subscribe(
        _ subscription: StoreSubscription, to channel: StoreChannel
    ) async throws(ContextStoreError) {
        try await memory.subscribe(subscription, to: channel)
        try await primary.subscribe(subscription, to: channel)
    }

    /// - Throws: during an outage, its error.
    package func check() async throws(ContextStoreError) {
        if let outage { throw outage }
        do throws(ContextStoreError) {
            try await primary.check()
        } catch {
            try tolerate(error)
            throw error
        }
    }

    /// Keeps in memory what is owned here, as far as there is room.
    private func keep(_ stored: StoredSession) async {
        try? await memory.restore(stored)
    }

    /// Stores a session that was in memory when the store lost it, with a newer record if there is one.
    ///
    /// - Parameter error: why it was looked for; thrown again if that does not help.
    private func restoreLost(
        _ session: String, fence: Fence, record: [UInt8]?, after error: ContextStoreError
    ) async throws(ContextStoreError) {
        if error.code == .fenced { await disown(session, fence: fence) }
        guard error.code == .notFound, let kept = try await memory.read(session), kept.fence == fence else {
            throw error
        }
        try await primary.restore(
            StoredSession(session: session, fence: fence, owner: kept.owner, record: record ?? kept.record))
    }

    /// What is not in memory may well be in the store.
    private var unknown: ContextStoreError {
        outage ?? ContextStoreError(.unreachable, "the store has just come back; try again at once")
    }
}

extension ResilientContextStore {
    /// Forgets what memory holds of a session whose new owner is elsewhere, as ``ContextStore/takeovers(of:)`` tells.
    ///
    /// - Parameter fence: the one that the former owner had.
    package func disown(_ session: String, fence: Fence) async {
        try? await memory.remove(session, fence: fence)
    }
}
