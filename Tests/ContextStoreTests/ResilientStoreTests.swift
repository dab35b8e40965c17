import ContextStore
import SoriTesting
import Testing

@Suite("A store with another for bad times", .timeLimit(.minutes(1)))
struct ResilientStoreTests {
    private func run(_ body: (ResilientScene) async throws -> Void) async throws {
        let scene = ResilientScene()
        try await withThrowingTaskGroup { group in
            group.addTask { await scene.store.run() }
            defer { group.cancelAll() }
            try await body(scene)
        }
    }

    @Test("keeps the contract, in good times and bad", arguments: ContextStoreContract.Clause.allCases, [false, true])
    func contract(clause: ContextStoreContract.Clause, isBad: Bool) async throws {
        let scene = ResilientScene()
        let contract = ContextStoreContract(scene.store, scene.store, timeToLive: 60) { scene.clock.advance(by: $0) }
        guard isBad else { return try await contract.check(clause) }
        // In bad times, what is not there may be elsewhere, so these end otherwise.
        guard clause != .keepsRecords, clause != .forgets, clause != .refusesWhatMakesNoSense else { return }
        try await scene.store.check()
        try await ContextStoreContract(SilentStore(scene), SilentStore(scene), timeToLive: 60) {
            scene.clock.advance(by: $0)
        }
        .check(clause)
    }

    @Test("goes on in memory, and tells the store everything afterwards", arguments: [false, true])
    func outage(losesEverything: Bool) async throws {
        try await run { scene in
            let (store, primary) = (scene.store, scene.primary)
            var health = store.healthChanges().makeAsyncIterator()
            #expect(await health.next()?.isDegraded == false)
            let early = try await store.create("early", owner: "o", record: [1])
            let over = try await store.create("over", owner: "o", record: [1])
            let quiet = try await store.create("quiet", owner: "o", record: [5])
            primary.fail(.unreachable)
            if losesEverything { primary.loseEverything() }
            try await store.save([2], of: "early", fence: early)
            guard case .degraded(let error)? = await health.next() else { throw NeverCame(description: "a notice") }
            #expect(error.code == .unreachable)
            let late = try await store.create("late", owner: "o", record: [1])
            try await store.save([3], of: "early", fence: early)
            try await store.save([4], of: "late", fence: late)
            try await store.remove("over", fence: over)
            let taken = try #require(try await store.takeOver("late", owner: "p"))
            #expect(taken.record == [4] && taken.fence > late)
            #expect(await code { try await store.save([5], of: "late", fence: late) } == .fenced)
            #expect(await code { try await store.takeOver("elsewhere", owner: "p") } == .unreachable)
            #expect(await code { try await store.read("elsewhere") } == .unreachable)
            #expect(await code { try await store.check() } == .unreachable)
            #expect(Set(try await store.sessions(limit: 9).map(\.session)) == ["early", "late", "quiet"])
            for _ in 0..<4 { try await scene.look() }
            #expect(scene.pauses.lengths == [1, 2, 4, 4, 4].map { .seconds($0) })
            primary.fail(nil)
            try await scene.look()
            #expect(!store.isDegraded && store.debtCount == 0)
            #expect(await health.next()?.isDegraded == false)
            #expect(try await primary.behind.read("early")?.record == [3])
            #expect(try await primary.behind.read("late") == taken)
            #expect(try await primary.behind.read("over") == nil)
            try await store.save([6], of: "early", fence: early)
            // What was not saved in the meantime is missed with the next sign of life.
            try await store.renew("quiet", fence: quiet)
            #expect(try await primary.behind.read("quiet")?.record == [5])
            #expect(try await primary.behind.read("early")?.record == [6])
        }
    }

    @Test("whoever has taken over elsewhere in the meantime keeps the session")
    func takenElsewhere() async throws {
        try await run { scene in
            let (store, primary) = (scene.store, scene.primary)
            let fence = try await store.create("a", owner: "here", record: [1])
            let gone = try await store.create("gone", owner: "here", record: [1])
            let takeovers = try await store.takeovers(of: "a")
            primary.fail(.readOnly)
            try await store.save([2], of: "a", fence: fence)
            try await store.save([2], of: "gone", fence: gone)
            scene.clock.advance(by: 1)
            let elsewhere = try #require(try await primary.behind.takeOver("a", owner: "elsewhere"))
            let over = try #require(try await primary.behind.takeOver("gone", owner: "elsewhere"))
            try await primary.behind.save([9], of: "a", fence: elsewhere.fence)
            #expect(over.fence > gone)
            primary.fail(nil)
            try await scene.look()
            #expect(!store.isDegraded)
            #expect(await code { try await store.save([3], of: "a", fence: fence) } == .fenced)
            #expect(await code { try await store.save([3], of: "gone", fence: gone) } == .fenced)
            #expect(try await store.read("a")?.record == [9])
            var iterator = takeovers.makeAsyncIterator()
            #expect(await iterator.next() == Takeover(fence: elsewhere.fence, owner: "elsewhere"))
            // Also in the next outage.
            primary.fail(.full)
            #expect(await code { try await store.save([3], of: "a", fence: fence) } == .full)
            #expect(try await primary.behind.read("a")?.record == [9])
        }
    }

    @Test("what is lost without an outage is stored again by the next save or renewal")
    func lost() async throws {
        let scene = ResilientScene()
        let fence = try await scene.store.create("a", owner: "o", record: [1])
        scene.primary.loseEverything()
        try await scene.store.save([2], of: "a", fence: fence)
        #expect(try await scene.primary.behind.read("a")?.record == [2])
        scene.primary.loseEverything()
        try await scene.store.renew("a", fence: fence)
        #expect(try await scene.primary.behind.read("a")?.record == [2])
        #expect(await code { try await scene.store.save([3], of: "b", fence: fence) } == .notFound)
        scene.primary.loseEverything()
        await scene.store.disown("a", fence: fence)
        #expect(await code { try await scene.store.save([3], of: "a", fence: fence) } == .notFound)
        #expect(!scene.store.isDegraded)
    }

    @Test("errors of which the store is not the reason change nothing")
    func errors() async throws {
        let scene = ResilientScene()
        let fence = try await scene.store.create("a", owner: "o", record: [1])
        for code in [ContextStoreError.Code.foreignData, .fenced, .badInput] {
            scene.primary.fail(code)
            let found = await failure { try await scene.store.save([2], of: "a", fence: fence) }?.code
            #expect(found == code)
            #expect(!scene.store.isDegraded)
        }
    }

    @Test("an outage during the return begins anew, and loses nothing")
    func again() async throws {
        try await run { scene in
            let fence = try await scene.store.create("a", owner: "o", record: [1])
            for number in 2..<6 {
                scene.primary.fail(.loading)
                try await scene.store.save([UInt8(number)], of: "a", fence: fence)
                try await scene.look()
                #expect(scene.store.isDegraded)
                scene.primary.fail(nil)
                try await scene.look()
                #expect(!scene.store.isDegraded)
                #expect(try await scene.primary.behind.read("a")?.record == [UInt8(number)])
            }
        }
    }
}
