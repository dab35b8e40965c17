internal import ContextStore

// What becomes of sessions, and what is refused.
extension ContextStoreContract {
    func checkRestoring() async throws {
        let lost = StoredSession(session: "lost", fence: Fence(1_000), owner: "a", record: [1, 2])
        try await store.restore(lost)
        try expect(try await other.read("lost") == lost, "what was lost is as it was")
        let newer = StoredSession(session: "lost", fence: lost.fence, owner: "a", record: [3])
        try await store.restore(newer)
        try expect(try await other.read("lost") == newer, "an owner may restore what is there")
        try await store.save([4], of: "lost", fence: lost.fence)
        let taken = try await other.takeOver("lost", owner: "b")
        try expect(taken?.record == [4], "what was restored can be saved and taken over")
        try await expect(.fenced, "restoring what has a newer owner") { () throws(ContextStoreError) in
            try await store.restore(newer)
        }
        try expect(try await store.read("lost") == taken, "restoring does not take from a newer owner")
    }

    func checkForgetting() async throws {
        let silent = try await store.create("silent", owner: "a", record: [1])
        let kept = try await store.create("kept", owner: "a", record: [1])
        for _ in 0..<4 {
            try await elapse(timeToLive / 2)
            try await store.renew("kept", fence: kept)
        }
        try expect(try await other.read("silent") == nil, "who is silent is forgotten after the time to live")
        try expect(try await other.read("kept")?.record == [1], "who is renewed is not forgotten")
        try expect(try await other.takeOver("silent", owner: "b") == nil, "what is forgotten cannot be taken over")
        try await expect(.notFound, "saving what is forgotten") { () throws(ContextStoreError) in
            try await store.save([2], of: "silent", fence: silent)
        }
        try await expect(.notFound, "renewing what is forgotten") { () throws(ContextStoreError) in
            try await store.renew("silent", fence: silent)
        }
        try expect(try await other.sessions(limit: 10).map(\.session) == ["kept"], "what is forgotten is not listed")
    }

    func checkLists() async throws {
        try expect(try await store.sessions(limit: 10).isEmpty, "an empty store lists nothing")
        var fences: [Fence] = []
        for number in 0..<5 {
            fences.append(
                try await store.create("s\(number)", owner: "o\(number)", record: Array(repeating: 7, count: number)))
        }
        let all = try await other.sessions(limit: 10)
        try expect(Set(all.map(\.session)) == ["s0", "s1", "s2", "s3", "s4"], "all sessions are listed")
        for entry in all {
            let number = Int(entry.session.dropFirst()) ?? -1
            try expect(
                entry.owner == "o\(number)" && entry.fence == fences[number] && entry.size == number,
                "a list tells owner, fence and size")
            try expect(entry.timeLeft > 0 && entry.timeLeft <= timeToLive, "a list tells how long a session lives")
        }
        try expect(try await other.sessions(limit: 2).count == 2, "a list is not longer than asked for")
        try expect(try await other.sessions(limit: 0).isEmpty, "a list may be empty")
        try await store.remove("s1", fence: fences[1])
        try expect(try await other.sessions(limit: 10).count == 4, "what is removed is not listed")
    }

    func checkBounds() async throws {
        let long = String(repeating: "x", count: 129)
        for name in ["", "a b", "a:b", "é", "a\n", "*", long] {
            try await expect(.badInput, "the name '\(name)'") { () throws(ContextStoreError) in
                _ = try await store.create(name, owner: "a", record: [])
            }
            try await expect(.badInput, "reading '\(name)'") { () throws(ContextStoreError) in
                _ = try await store.read(name)
            }
            try await expect(.badInput, "listening to '\(name)'") { () throws(ContextStoreError) in
                _ = try await store.events(of: name)
            }
        }
        for owner in ["", String(repeating: "x", count: 257)] {
            try await expect(.badInput, "an owner of \(owner.count) bytes") { () throws(ContextStoreError) in
                _ = try await store.takeOver("bounds", owner: owner)
            }
        }
        for fence in [0, -1, Int.max] {
            try await expect(.badInput, "the fence \(fence)") { () throws(ContextStoreError) in
                try await store.save([], of: "bounds", fence: Fence(fence))
            }
        }
        let huge = [UInt8](repeating: 0, count: (16 << 20) + 1)
        try await expect(.badInput, "a huge record") { () throws(ContextStoreError) in
            _ = try await store.create("bounds", owner: "a", record: huge)
        }
        try await expect(.badInput, "a huge event") { () throws(ContextStoreError) in
            try await store.publish(huge, of: "bounds")
        }
        try expect(try await store.read("bounds") == nil, "what is refused is not stored")
    }
}
