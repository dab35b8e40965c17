package import ContextStore

/// What every ``ContextStore`` does, in memory or elsewhere. Run each clause as a test of its own.
package struct ContextStoreContract: Sendable {
    /// A part of the contract.
    package enum Clause: String, CaseIterable, Sendable {
        case keepsRecords
        case fencesFormerOwners
        case hasOneOwner
        case givesBackWhatWasLost
        case forgets
        case lists
        case tellsEvents
        case tellsTakeovers
        case refusesWhatMakesNoSense
    }

    /// How a store breaks the contract.
    package struct Violation: Error, CustomStringConvertible {
        package let description: String
    }

    let store: any ContextStore
    let other: any ContextStore
    let timeToLive: Double
    let elapse: @Sendable (Double) async throws -> Void

    /// - Parameters:
    ///   - store: an empty store.
    ///   - other: another with the same sessions, as another gateway has; or the same.
    ///   - timeToLive: of both, in seconds.
    ///   - elapse: lets seconds pass.
    package init(
        _ store: any ContextStore, _ other: any ContextStore, timeToLive: Double,
        elapse: @escaping @Sendable (Double) async throws -> Void
    ) {
        self.store = store
        self.other = other
        self.timeToLive = timeToLive
        self.elapse = elapse
    }

    /// - Throws: ``Violation``, or the error of something that should have worked.
    package func check(_ clause: Clause) async throws {
        try await store.check()
        switch clause {
        case .keepsRecords: try await checkRecords()
        case .fencesFormerOwners: try await checkFences()
        case .hasOneOwner: try await checkOwners()
        case .givesBackWhatWasLost: try await checkRestoring()
        case .forgets: try await checkForgetting()
        case .lists: try await checkLists()
        case .tellsEvents: try await checkEvents()
        case .tellsTakeovers: try await checkTakeovers()
        case .refusesWhatMakesNoSense: try await checkBounds()
        }
    }

    /// Throws a ``Violation`` unless something is so.
    func expect(_ condition: Bool, _ message: String) throws {
        if !condition { throw Violation(description: message) }
    }

    /// Throws a ``Violation`` unless the body fails with a code.
    func expect(
        _ code: ContextStoreError.Code, _ message: String, _ body: () async throws(ContextStoreError) -> Void
    ) async throws {
        do throws(ContextStoreError) {
            try await body()
        } catch {
            return try expect(error.code == code, "\(message): \(code), and not \(error.code): \(error.message)")
        }
        throw Violation(description: "\(message): \(code), and not nothing")
    }

    private func checkRecords() async throws {
        try expect(try await store.read("records") == nil, "nothing is stored at first")
        try expect(try await store.takeOver("records", owner: "a") == nil, "nothing can be taken over at first")
        let fence = try await store.create("records", owner: "a", record: [])
        // Every byte, among them those that end texts and lines.
        let records: [[UInt8]] = [[0], Array(0...255), (0..<2_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }, []]
        for record in records {
            try await store.save(record, of: "records", fence: fence)
            let expected = StoredSession(session: "records", fence: fence, owner: "a", record: record)
            try expect(try await other.read("records") == expected, "\(record.count) bytes come back as they were")
        }
        try await expect(.alreadyExists, "a name is given once") { () throws(ContextStoreError) in
            _ = try await other.create("records", owner: "b", record: [1])
        }
        try await store.remove("records", fence: fence)
        try expect(try await other.read("records") == nil, "what is removed is gone")
        try await store.remove("records", fence: fence)
    }

    private func checkFences() async throws {
        let first = try await store.create("fences", owner: "a", record: [1])
        try await store.save([2], of: "fences", fence: first)
        let taken = try await other.takeOver("fences", owner: "ünï côdé")
        guard let taken else { throw Violation(description: "what is stored can be taken over") }
        try expect(taken.fence > first && taken.record == [2] && taken.owner == "ünï côdé", "the newest is taken over")
        try await expect(.fenced, "a former owner's save") { () throws(ContextStoreError) in
            try await store.save([3], of: "fences", fence: first)
        }
        try await expect(.fenced, "a former owner's renewal") { () throws(ContextStoreError) in
            try await store.renew("fences", fence: first)
        }
        try await expect(.fenced, "a former owner's removal") { () throws(ContextStoreError) in
            try await store.remove("fences", fence: first)
        }
        try expect(try await store.read("fences") == taken, "a former owner changes nothing")
        try await other.save([4], of: "fences", fence: taken.fence)
        try await other.renew("fences", fence: taken.fence)
        try await other.remove("fences", fence: taken.fence)
        let again = try await store.create("fences", owner: "a", record: [])
        try expect(again > taken.fence, "fences grow beyond the end of a session")
    }

    private func checkOwners() async throws {
        _ = try await store.create("owners", owner: "nobody", record: [])
        let fences: [Fence?] = try await withThrowingTaskGroup(of: Fence?.self) { group in
            for number in 0..<100 {
                let store = number.isMultiple(of: 2) ? store : other
                group.addTask { try await store.takeOver("owners", owner: "\(number)")?.fence }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        try expect(Set(fences.compactMap(\.self)).count == 100, "each of 100 new owners has a fence of its own")
        let winners: [Fence] = await withTaskGroup(of: Fence?.self) { group in
            for (number, fence) in fences.enumerated() {
                let store = number.isMultiple(of: 3) ? store : other
                group.addTask {
                    guard let fence else { return nil }
                    do {
                        try await store.save([UInt8(number)], of: "owners", fence: fence)
                        return fence
                    } catch { return nil }
                }
            }
            return await group.reduce(into: []) { if let fence = $1 { $0.append(fence) } }
        }
        try expect(winners == [fences.compactMap(\.self).max()], "only the newest of them can save")
    }
}
