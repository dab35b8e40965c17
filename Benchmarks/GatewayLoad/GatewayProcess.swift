import Foundation

/// `sori gateway` as a process of its own, on one processor core.
struct GatewayProcess {
    let port: Int
    private let process: Process

    /// Starts it on a free port of the loopback interface.
    ///
    /// - Parameter settings: in the environment, beside those that lift limits.
    init(_ command: String, recognizer: Int, detector: Int, settings: [String: String]) throws {
        process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/taskset")
        process.arguments = [
            "--cpu-list", "0", command, "gateway", "--recognizer", "127.0.0.1:\(recognizer)", "--detector",
            "127.0.0.1:\(detector)", "--host", "127.0.0.1", "--port", "0",
        ]
        process.environment = ProcessInfo.processInfo.environment.merging(
            [
                "SORI_SESSIONS_MAX": "10000", "SORI_SESSIONS_MAX_HOP": "0", "SORI_LIMITS_CONNECTIONS": "20000",
                "SORI_LIMITS_HANDSHAKES": "100000",
            ].merging(settings) { $1 }
        ) { $1 }
        let output = Pipe()
        process.standardOutput = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard let port = line.firstMatch(of: /https?:\/\/[^ ]*:(\d+)/).flatMap({ Int($0.1) }) else {
            throw LoadError("the gateway did not start; build it with `make build`")
        }
        self.port = port
    }

    func stop() {
        process.terminate()
        process.waitUntilExit()
    }

    /// Seconds of processor time so far, and bytes in memory now (proc(5)).
    var usage: (cpuSeconds: Double, resident: Int) {
        let fields = { (name: String) in
            ((try? String(contentsOfFile: "/proc/\(process.processIdentifier)/\(name)", encoding: .utf8)) ?? "")
                .split(separator: " ")
        }
        let ticks = fields("stat").drop { !$0.hasSuffix(")") }.dropFirst(12).prefix(2).compactMap { Double($0) }
        let pages = fields("statm").dropFirst().first.flatMap { Int($0) } ?? 0
        return (ticks.reduce(0, +) / Double(sysconf(Int32(_SC_CLK_TCK))), pages * Int(sysconf(Int32(_SC_PAGESIZE))))
    }
}

/// Why nothing could be measured, in one line.
struct LoadError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
