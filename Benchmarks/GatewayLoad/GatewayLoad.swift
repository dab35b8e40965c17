import ArgumentParser
import Foundation
import SoriTesting
import Worker

/// How many sessions one processor core of a gateway carries, when workers take no time.
@main struct GatewayLoad: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gateway-load",
        abstract: "Measure a gateway alone: paced sessions, with a recogniser and a detector that answer at once.",
        discussion: """
            The gateway runs on processor core 0; clients and workers are this process, which `Benchmarks/run gateway` keeps on
            core 1. Latency is from sending a window's last sample to having its text, for every partial.

            EXAMPLES
              taskset --cpu-list 1 .build/release/GatewayLoad
              taskset --cpu-list 1 .build/release/GatewayLoad --sessions 100 500 --seconds 30
              taskset --cpu-list 1 .build/release/GatewayLoad --sessions 50 --token secret --certificate c.pem --key k.pem
              taskset --cpu-list 1 .build/release/GatewayLoad --sessions 50 --flood 500
              taskset --cpu-list 1 .build/release/GatewayLoad --idle 1000
            """)

    @Option(parsing: .upToNextOption, help: "How many sessions at once, one run after the other.")
    var sessions = [50, 100, 250]

    @Option(help: "Seconds for which each session speaks.")
    var seconds = 20.0

    @Option(help: "Milliseconds of sound in a message.")
    var frame = 40

    @Option(help: ArgumentHelp("The command.", valueName: "path"))
    var sori = ".build/release/sori"

    @Option(help: "A token that the gateway wants.")
    var token: String?

    @Option(help: ArgumentHelp("The certificate of the gateway, for TLS.", valueName: "file"))
    var certificate: String?

    @Option(help: ArgumentHelp("Its private key.", valueName: "file"))
    var key: String?

    @Option(help: ArgumentHelp("Handshakes a second of somebody else, who may open 600 a minute.", valueName: "count"))
    var flood: Int?

    @Option(
        help: ArgumentHelp(
            "Measure the memory of so many sessions on which nothing is heard, and nothing else.", valueName: "count"))
    var idle: Int?

    @Flag(help: "These do not even begin a session.")
    var unstarted = false

    func validate() throws {
        if sessions.isEmpty || sessions.contains(where: { $0 < 1 }) {
            throw ValidationError("--sessions takes numbers from 1 on")
        }
        if !(seconds >= 10) { throw ValidationError("--seconds takes a number from 10 on") }
        if !(10...1000).contains(frame) { throw ValidationError("--frame takes a number from 10 to 1000") }
    }

    func run() async throws {
        if let idle { return try await withWorkers { try await measure(idle: idle, $0, $1) } }
        print("sessions   partials   p50 ms   p95 ms   p99 ms   finals   core %   sessions a core   kB a session")
        for count in sessions { try await withWorkers { try await measure(count, $0, $1) } }
    }

    private func withWorkers(_ body: (_ recognizer: Int, _ detector: Int) async throws -> Void) async throws {
        try await TestWorker.with(.recognition(InstantRecognizer()), load: WorkerLoad(lanes: 64)) { recognizer in
            try await TestWorker.with(.detection(LoudnessDetector()), load: WorkerLoad(lanes: 64)) { detector in
                try await body(recognizer.port, detector.port)
            }
        }
    }

    private func start(_ recognizer: Int, _ detector: Int) throws -> (GatewayProcess, Entry) {
        var settings = ["SORI_TOKEN": token, "SORI_TLS_CERTIFICATE": certificate, "SORI_TLS_KEY": key].compactMapValues(
            \.self)
        if unstarted { settings["SORI_LIMITS_FIRST_MESSAGE"] = "300" }
        // Those who speak are there before.
        if flood != nil { settings["SORI_LIMITS_HANDSHAKES"] = "600" }
        let gateway = try GatewayProcess(sori, recognizer: recognizer, detector: detector, settings: settings)
        let scheme = certificate == nil ? "ws" : "wss"
        let entry = Entry(
            url: "\(scheme)://127.0.0.1:\(gateway.port)/v1/listen", token: token, certificate: certificate)
        return (gateway, entry)
    }

    /// Waits until the gateway knows its workers; and what is made once is made.
    private func warmUp(_ entry: Entry) async throws {
        for _ in 0..<100 {
            let warm = PacedSpeaker(entry, frame: 16 * frame, seconds: 2, delay: 0)
            if (try? await warm.run()) != nil { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw LoadError("the gateway does not become ready")
    }

    private func measure(idle count: Int, _ recognizer: Int, _ detector: Int) async throws {
        let (gateway, entry) = try start(recognizer, detector)
        defer { gateway.stop() }
        try await warmUp(entry)
        let before = gateway.usage.resident
        try await Strangers.idle(count, at: entry, startsSessions: !unstarted) {
            let each = Double(gateway.usage.resident - before) / Double(count) / 1000
            print(String(format: "%d idle connections: %.0f kB each", count, each))
        }
    }

    private func measure(_ count: Int, _ recognizer: Int, _ detector: Int) async throws {
        let (gateway, entry) = try start(recognizer, detector)
        defer { gateway.stop() }
        try await warmUp(entry)
        // They do not all begin at the same moment.
        let speakers = (0..<count).map { index in
            PacedSpeaker(entry, frame: 16 * frame, seconds: seconds, delay: 4 * Double(index) / Double(count))
        }
        let idle = gateway.usage
        var middle = (idle, idle)
        try await withThrowingTaskGroup(of: Void.self) { strangers in
            if let flood { strangers.addTask { try await Strangers.flood(flood, at: entry, after: 5) } }
            defer { strangers.cancelAll() }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for speaker in speakers { group.addTask { try await speaker.run() } }
                // While all of them speak.
                try await Task.sleep(for: .seconds(5))
                middle.0 = gateway.usage
                try await Task.sleep(for: .seconds(seconds - 6))
                middle.1 = gateway.usage
                try await group.waitForAll()
            }
        }
        let results = speakers.map(\.result)
        let latencies = results.flatMap(\.latencies).sorted()
        let percentile = { (part: Double) in
            latencies.isEmpty ? .nan : 1000 * latencies[min(latencies.count - 1, Int(part * Double(latencies.count)))]
        }
        let core = (middle.1.cpuSeconds - middle.0.cpuSeconds) / (seconds - 6)
        let kilobytes = Double(middle.1.resident - idle.resident) / Double(count) / 1000
        print(
            String(
                format: "%8d   %8d   %6.1f   %6.1f   %6.1f   %6d   %6.1f   %15.0f   %12.0f", count, latencies.count,
                percentile(0.5), percentile(0.95), percentile(0.99), results.reduce(0) { $0 + $1.finals }, 100 * core,
                Double(count) / core, kilobytes))
    }
}
