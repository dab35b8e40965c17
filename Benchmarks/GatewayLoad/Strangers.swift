import WebSockets

/// Those who are connected beside the ones who speak.
enum Strangers {
    /// Opens connections on which nothing is heard.
    ///
    /// - Parameters:
    ///   - startsSessions: whether each begins a session.
    ///   - onReady: called when all are open; they are closed when it returns.
    static func idle(
        _ count: Int, at entry: Entry, startsSessions: Bool, onReady: @escaping @Sendable () async -> Void
    ) async throws {
        let (opened, feed) = AsyncStream.makeStream(of: Void.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<count {
                group.addTask {
                    try await entry.connect { inbound, outbound in
                        if startsSessions { try await outbound.write(.text(Entry.start)) } else { feed.yield() }
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
