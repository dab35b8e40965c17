import AsyncHTTPClient
import Foundation
import Measuring
import NIOCore
import PrometheusMetrics
import Synchronization

/// `sori serve` as a process of its own, so that its time and memory can be told from the clients'.
struct ServerProcess: Sendable {
    /// Address of its WebSocket.
    let url: String
    private let port: Int
    private let number: Int32

    /// Starts a server on a free port of the loopback interface, runs `body`, and stops it.
    static func with<Result>(
        _ arguments: [String], environment: [String: String] = [:], _ body: (ServerProcess) async throws -> Result
    ) async throws -> Result {
        let process = Process()
        process.executableURL = Bundle.main.executableURL
        process.arguments = ["serve", "--host", "127.0.0.1", "--port", "0"] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let output = Pipe()
        process.standardOutput = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let number = process.processIdentifier
        // Where this process is ended from outside, the server would go on alone.
        Interrupt.endsAtOnce { _ = kill(number, SIGTERM) }
        defer {
            Interrupt.endsAtOnce()
            process.terminate()
            process.waitUntilExit()
        }
        // The one line that it prints; nothing when it ends at once, with its complaint on standard error.
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard let port = line.firstMatch(of: /http:\/\/[^ ]*:(\d+)/).flatMap({ Int($0.1) }) else {
            throw CommandError("the server did not start")
        }
        return try await body(
            ServerProcess(
                url: "ws://127.0.0.1:\(port)/v1/listen", port: port, number: number))
    }

    /// What it uses while `body` runs.
    func usage<Result>(of body: () async throws -> Result) async throws -> (Result, Trial.Usage) {
        let (before, windows, start) = (used, try await liveWindows(), ContinuousClock.now)
        let peak = PeakMemory()
        let result = try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await peak.watch(self) }
            defer { group.cancelAll() }
            return try await body()
        }
        let usage = Trial.Usage(
            cpuSeconds: used.cpuSeconds - before.cpuSeconds, residentBefore: before.resident,
            residentPeak: peak.bytes, wallSeconds: (ContinuousClock.now - start) / .seconds(1),
            liveWindows: try await liveWindows() - windows)
        return (result, usage)
    }

    /// What it has used so far.
    var used: ProcessUsage { ProcessUsage(of: "\(number)") }

    fileprivate var resident: Int { used.resident }

    /// Live windows that it has recognised so far.
    func liveWindows() async throws -> Int {
        let request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/metrics")
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(10))
        let text = String(buffer: try await response.body.collect(upTo: 1 << 20))
        guard text.contains("# TYPE sori_recognition_duration_seconds histogram") else {
            throw CommandError("the server does not tell how many windows it has recognised")
        }
        let count = text.firstMatch(
            of: /sori_recognition_duration_seconds_count{kind="live",outcome="answered"} ([0-9]+)/)
        return count.flatMap { Int($0.1) } ?? 0
    }
}

/// The most memory that a server had while it was watched.
private final class PeakMemory: Sendable {
    private let most = Mutex(0)

    var bytes: Int { most.withLock { $0 } }

    /// Looks until it is cancelled.
    func watch(_ server: ServerProcess) async {
        repeat {
            let resident = server.resident
            most.withLock { $0 = max($0, resident) }
        } while (try? await Task.sleep(for: .milliseconds(200))) != nil
    }
}
