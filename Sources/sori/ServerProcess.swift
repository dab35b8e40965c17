import Foundation

/// `sori serve` as a process of its own, so that its time and memory can be told from the clients'.
struct ServerProcess: Sendable {
    /// Address of its WebSocket.
    let url: String
    private let number: Int32

    /// Starts a server on a free port of the loopback interface, runs `body`, and stops it.
    static func with<Result>(
        _ arguments: [String], _ body: (ServerProcess) async throws -> Result
    ) async throws -> Result {
        let process = Process()
        process.executableURL = Bundle.main.executableURL
        process.arguments = ["serve", "--host", "127.0.0.1", "--port", "0"] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        defer {
            process.terminate()
            process.waitUntilExit()
        }
        // The one line that it prints; nothing when it ends at once, with its complaint on standard error.
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard let port = line.firstMatch(of: /http:\/\/[^ ]*:(\d+)/)?.1 else {
            throw CommandError("the server did not start")
        }
        return try await body(
            ServerProcess(url: "ws://127.0.0.1:\(port)/v1/listen", number: process.processIdentifier))
    }

    /// What it has used so far.
    var usage: ProcessUsage { ProcessUsage(of: "\(number)") }
}
