import Foundation
import Testing

extension CommandLineTests {
    /// What cannot be written is told; a reader that has gone ends a command without a word.
    @Suite struct Output {
        private let store = TemporaryFolder()

        /// Runs `sori` in a shell, which says what becomes of its standard output.
        private func shell(_ command: String) async throws -> SoriProcess.Outcome {
            try await SoriProcess(
                executable: "/bin/bash", ["-c", command], environment: ["S": SoriProcess.executable]
            ).outcome()
        }

        private func isFull(_ arguments: String) async throws {
            let outcome = try await shell("\"$S\" \(arguments) > /dev/full")
            #expect(outcome.status == 1, "\(arguments)")
            // A machine that is busy with other tests says so besides.
            let complaints = outcome.complaintLines.filter { !$0.contains("machine is busy") }
            #expect(complaints.count == 1, "\(arguments): \(outcome.complaints)")
            #expect(outcome.complaints.contains("standard output cannot be written"), "\(outcome.complaints)")
        }

        @Test(arguments: [
            "--help", "transcribe --help", "models list", "models verify", "config", "doctor",
        ])
        func aFullDeviceIsAnError(arguments: String) async throws {
            try await isFull(arguments)
        }

        @Test(.needsSpeech, arguments: ["", "--json"])
        func listenTellsIt(option: String) async throws {
            try await isFull("listen \(TwoCities.path) --fast --language en \(option)")
        }

        @Test(.needsSpeech) func transcribeTellsIt() async throws {
            try await isFull("transcribe --quiet --language en \(TwoCities.path)")
        }

        @Test(.needsSpeech) func serveTellsIt() async throws {
            try await isFull("serve --port 0")
        }

        @Test(.needsSpeech) func aReaderThatHasGoneEndsListenAtOnce() async throws {
            let subtitles = store.url.appending(path: "talk.srt")
            try FileManager.default.createDirectory(at: store.url, withIntermediateDirectories: true)
            // At the pace at which it was spoken: to its end it would take as long as the recording.
            let command =
                "set -o pipefail; \"$S\" listen \(TwoCities.path) --json --srt '\(subtitles.path)' | head -1"
            let start = ContinuousClock.now
            let outcome = try await shell(command)
            #expect(outcome.status == 141)
            #expect(outcome.output.split(separator: "\n").count == 1)
            #expect(outcome.complaints.isEmpty, "\(outcome.complaints)")
            #expect(ContinuousClock.now - start < .seconds(40))
        }
    }
}
