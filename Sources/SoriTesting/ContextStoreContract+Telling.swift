internal import ContextStore

// What subscribers hear.
extension ContextStoreContract {
    func checkEvents() async throws {
        try await store.publish([0], of: "told")
        let subscription = try await store.events(of: "told")
        let second = try await other.events(of: "told")
        let elsewhere = try await store.events(of: "told-2")
        let events: [[UInt8]] = (0..<50).map { [UInt8($0), 0, 13, 10] } + [[]]
        for event in events { try await other.publish(event, of: "told") }
        for listener in [subscription, second] {
            var heard: [[UInt8]] = []
            for await event in listener {
                heard.append(event)
                if heard.count == events.count { break }
            }
            try expect(heard == events, "every subscriber hears all that is told after it came, in order")
        }
        try await other.publish([9], of: "told-2")
        var iterator = elsewhere.makeAsyncIterator()
        try expect(await iterator.next() == [9], "a subscriber hears nothing of other sessions")
        subscription.cancel()
        var end = subscription.makeAsyncIterator()
        try expect(await end.next() == nil, "who cancels hears no more")
        let slow = try await store.events(of: "told", buffer: 3)
        for number in 0..<10 { try await store.publish([UInt8(number)], of: "told") }
        try await store.publish([7], of: "told-2")
        // What was told before is there when this is.
        try expect(await iterator.next() == [7], "events come in the order in which they were told")
        slow.cancel()
        var kept: [[UInt8]] = []
        for await event in slow { kept.append(event) }
        try expect(kept == [[7], [8], [9]] && slow.missedCount == 7, "for who is slow, the newest are kept")
    }

    func checkTakeovers() async throws {
        let first = try await store.create("taken", owner: "a", record: [])
        let takeovers = try await store.takeovers(of: "taken")
        var expected: [Takeover] = []
        for owner in ["b with a name", "c"] {
            guard let taken = try await other.takeOver("taken", owner: owner) else { break }
            expected.append(Takeover(fence: taken.fence, owner: owner))
        }
        var heard: [Takeover] = []
        for await takeover in takeovers {
            heard.append(takeover)
            if heard.count == 2 { break }
        }
        try expect(heard == expected && heard[0].fence > first, "who owned a session hears who owns it now")
    }
}
