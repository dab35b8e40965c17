import Foundation
import Scoring
import Testing

extension CommandLineTests {
    /// The running system, heard by a client that is not ours: Python's `websockets`, which also checks every message
    /// against the schema and the rules of the protocol.
    @Suite(.needsSpeech, .enabled(if: PythonClient.isThere)) struct Serving {
        @Test func captionsARecordingInRealTimeAndNeverLosesTheLastWords() async throws {
            try await withServer { server in
                let outcome = try await PythonClient.listen(
                    to: TwoCities.path, at: server, "--language", "en", "--text")
                #expect(outcome.status == 0, "\(outcome.complaints)")
                let rate = ErrorRate.words(reference: TwoCities.text, hypothesis: outcome.output, language: "en")
                #expect(rate.rate < 0.1)
                #expect(outcome.output.contains("comparison only"))
            }
        }

        @Test func aTranscriptDoesNotDependOnCutsOrPace() async throws {
            try await withServer { server in
                let whole = try await PythonClient.listen(
                    to: TwoCities.path, at: server, "--language", "en", "--text", "--fast")
                let cut = try await PythonClient.listen(
                    to: TwoCities.path, at: server, "--language", "en", "--text", "--speed", "4", "--cuts", "20",
                    "--seed",
                    "11")
                #expect(whole.status == 0, "\(whole.complaints)")
                #expect(cut.status == 0, "\(cut.complaints)")
                #expect(cut.output == whole.output)
                #expect(whole.output.contains("comparison only"))
            }
        }

        @Test(arguments: ["local-agreement", "sliding-window"])
        func everyPolicyServes(policy: String) async throws {
            try await withServer { server in
                let outcome = try await PythonClient.listen(
                    to: TwoCities.path, at: server, "--language", "en", "--text", "--speed", "2", "--policy", policy)
                #expect(outcome.status == 0, "\(outcome.complaints)")
                let rate = ErrorRate.words(reference: TwoCities.text, hypothesis: outcome.output, language: "en")
                #expect(rate.rate < 0.1)
            }
        }

        @Test func appendOnlyFinalsContinueTheStableText() async throws {
            try await withServer { server in
                let outcome = try await PythonClient.listen(
                    to: TwoCities.path, at: server, "--language", "en", "--text", "--speed", "2", "--no-corrections")
                #expect(outcome.status == 0, "\(outcome.complaints)")
                #expect(outcome.output.contains("worst of times"))
            }
        }

        @Test(arguments: [
            ["--encoding", "pcm_f32le", "--rate", "48000", "--channels", "2"],
            ["--encoding", "pcm_mulaw", "--rate", "8000", "--channels", "1"],
        ])
        func otherEncodingsAreHeard(encoding: [String]) async throws {
            try await withServer { server in
                let options = ["--language", "en", "--text", "--fast"] + encoding
                let outcome = try await PythonClient.listen(to: TwoCities.path, at: server, options)
                #expect(outcome.status == 0, "\(outcome.complaints)")
                #expect(TwoCities.isOpening(outcome.output.lowercased()))
            }
        }

        @Test func aServerThatIsStoppedStillTellsTheLastWords() async throws {
            let server = try await Server()
            let client = try PythonClient.start(
                [TwoCities.path, "--language", "en", "--fast", "--window", "30"], at: server)
            try await server.wait { _ in client.output.contains("\"partial\"") }
            server.process.interrupt()
            let outcome = try await server.process.outcome()
            #expect(outcome.status == 0, "\(outcome.complaints)")
            let told = try await client.outcome()
            #expect(told.output.contains("\"final\""))
        }

        private func withServer(_ body: (Server) async throws -> Void) async throws {
            let server = try await Server()
            do {
                try await body(server)
            } catch {
                server.process.interrupt()
                _ = try? await server.process.outcome()
                throw error
            }
            server.process.interrupt()
            let outcome = try await server.process.outcome()
            #expect(outcome.status == 0, "\(outcome.complaints)")
            #expect(outcome.complaints.isEmpty)
        }
    }
}

/// A `sori serve` of a test's own, on a free port of the loopback interface.
struct Server: Sendable {
    let process: SoriProcess
    /// Such as `127.0.0.1:40123`.
    let address: String

    init(_ options: [String] = [], environment: [String: String] = [:]) async throws {
        process = try SoriProcess(["serve", "--port", "0"] + options, environment: environment)
        try await process.wait { $0.output.contains("http://") }
        let address = try #require(process.output.firstMatch(of: /http:\/\/([0-9.:]+)/)).1
        self.address = String(address)
        while try await get("is_ready").status != 200 { try await Task.sleep(for: .milliseconds(50)) }
    }

    /// Waits until something is so; fails if the server ends before.
    func wait(until isSo: (SoriProcess) -> Bool) async throws {
        try await process.wait(until: isSo)
    }

    /// Asks for a page with `curl`.
    func get(_ path: String, _ options: String...) async throws -> (status: Int, body: String) {
        let outcome = try await SoriProcess(
            executable: "/usr/bin/curl",
            ["--silent", "--max-time", "20", "--write-out", "\n%{http_code}"] + options + ["http://\(address)/\(path)"]
        ).outcome()
        let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
        return (lines.last.flatMap { Int($0) } ?? 0, lines.dropLast().joined(separator: "\n"))
    }
}

/// The client in `clients/listen.py`.
enum PythonClient {
    static let python =
        ProcessInfo.processInfo.environment["SORI_CLIENTS_PYTHON"] ?? Machine.home + "/clients-venv/bin/python"
    static let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "clients/listen.py").path

    static var isThere: Bool { FileManager.default.isExecutableFile(atPath: python) }

    static func start(_ arguments: [String], at server: Server) throws -> SoriProcess {
        try SoriProcess(executable: python, [script, "ws://\(server.address)/v1/listen"] + arguments)
    }

    static func listen(to recording: String, at server: Server, _ options: [String]) async throws -> SoriProcess.Outcome
    {
        try await start([recording] + options, at: server).outcome()
    }

    static func listen(
        to recording: String, at server: Server, _ options: String...
    ) async throws -> SoriProcess.Outcome {
        try await listen(to: recording, at: server, options)
    }
}
