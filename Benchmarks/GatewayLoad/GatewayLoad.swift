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
            """)

    @Option(parsing: .upToNextOption, help: "How many sessions at once, one run after the other.")
    var sessions = [50, 100, 250]

    @Option(help: "Seconds for which each session speaks.")
    var seconds = 20.0

    @Option(help: "Milliseconds of sound in a message.")
    var frame = 40

    @Option(help: ArgumentHelp("The command.", valueName: "path"))
    var sori = ".build/release/sori"

    func validate() throws {
        if sessions.isEmpty || sessions.contains(where: { $0 < 1 }) {
            throw ValidationError("--sessions takes numbers from 1 on")
        }
        if !(seconds >= 10) { throw ValidationError("--seconds takes a number from 10 on") }
        if !(10...1000).contains(frame) { throw ValidationError("--frame takes a number from 10 to 1000") }
    }

    func run() async throws {
        print("sessions   partials   p50 ms   p95 ms   p99 ms   finals   core %   sessions a core   kB a session")
        for count in sessions {
            try await TestWorker.with(.recognition(InstantRecognizer()), load: WorkerLoad(lanes: 64)) { recognizer in
                try await TestWorker.with(.detection(LoudnessDetector()), load: WorkerLoad(lanes: 64)) { detector in
                    try await measure(count, recognizer.port, detector.port)
                }
            }
        }
    }

    private func measure(_ count: Int, _ recognizer: Int, _ detector: Int) async throws {
        let gateway = try GatewayProcess(sori, recognizer: recognizer, detector: detector)
        defer { gateway.stop() }
        let url = "ws://127.0.0.1:\(gateway.port)/v1/listen"
        // Until it knows its workers; and what is made once is made.
        var isReady = false
        for _ in 0..<100 where !isReady {
            let warm = PacedSpeaker(url: url, frame: 16 * frame, seconds: 2, delay: 0)
            isReady = (try? await warm.run()) != nil
            if !isReady { try await Task.sleep(for: .milliseconds(100)) }
        }
        guard isReady else { throw LoadError("the gateway does not become ready") }
        // They do not all begin at the same moment.
        let speakers = (0..<count).map { index in
            PacedSpeaker(
                url: url, frame: 16 * frame, seconds: seconds, delay: 4 * Double(index) / Double(count))
        }
        let idle = gateway.usage
        var middle = (idle, idle)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for speaker in speakers { group.addTask { try await speaker.run() } }
            // While all of them speak.
            try await Task.sleep(for: .seconds(5))
            middle.0 = gateway.usage
            try await Task.sleep(for: .seconds(seconds - 6))
            middle.1 = gateway.usage
            try await group.waitForAll()
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
