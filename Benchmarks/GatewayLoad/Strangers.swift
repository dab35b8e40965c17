import WebSockets

/// Those who are connected beside the ones who speak.
enum Strangers {
    /// Begins sessions that hear nothing, and keeps them until the task is cancelled.
    ///
    /// - Parameter onReady: called when all are open.
    static func idle(_ count: Int, at entry: Entry, onReady: @escaping @Sendable () async -> Void) async throws {
        let (opened, feed) = AsyncStream.makeStream(of: Void.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<count {
                group.addTask {
                    try await entry.connect { inbound, outbound in
                        try await outbound.write(.text(Entry.start))
                        for try await _ in inbound { feed.yield() }
                    }
                }
            }
            var waiting = count
            for await _ in opened {
                waiting -= 1
                if waiting == 0 { break }
            }
            await onReady()
            group.cancelAll()
        }
    }

    /// Knocks so many times a second, whatever the answer is, until the task is cancelled.
    ///
    /// - Parameter delay: seconds until it begins.
    static func flood(_ rate: Int, at entry: Entry, after delay: Double) async throws {
        try await Task.sleep(for: .seconds(delay))
        try await withThrowingDiscardingTaskGroup { group in
            let clock = ContinuousClock()
            let start = clock.now
            for number in 0... {
                try await clock.sleep(until: start + .seconds(Double(number) / Double(rate)))
                group.addTask { try? await entry.connect { _, _ in } }
            }
        }
    }
}
