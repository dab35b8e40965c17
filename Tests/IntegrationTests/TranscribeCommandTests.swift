import Foundation
import Scoring
import Testing

extension CommandLineTests {
    /// `sori transcribe` on recordings that are as they should be.
    @Suite(.needsSpeech) struct Transcribe {
        let folder = TemporaryFolder()

        /// The first six seconds as a file.
        private func opening(_ name: String) throws -> String {
            try folder.file(name, Wave.integers(TwoCities.samples(seconds: 6))).path
        }

        @Test func writesDownARealRecording() async throws {
            let outcome = try await SoriProcess.run("transcribe", TwoCities.path)
            #expect(outcome.status == 0)
            let rate = ErrorRate.words(reference: TwoCities.text, hypothesis: outcome.output, language: "en")
            #expect(rate.rate < 0.15, "\(outcome.output)")
        }

        /// Logs and pipes get plain lines: no colours, no cursor, nothing of what ggml has to say.
        @Test func isPlainWhereThereIsNoTerminal() async throws {
            let file = try opening("opening.wav")
            let plain = try await SoriProcess.run("transcribe", file)
            #expect(!plain.output.contains("\u{1B}"))
            #expect(!plain.complaints.contains("\u{1B}") && !plain.complaints.contains("\r"))
            #expect(plain.complaintLines.allSatisfy { $0.hasPrefix("transcribing") }, "\(plain.complaints)")
            let quiet = try await SoriProcess.run("transcribe", file, "--quiet")
            #expect(quiet.complaints.isEmpty)
            #expect(quiet.output == plain.output)
        }

        /// What is heard and how far it has come are shown in one terminal, and do not write over each other.
        @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: SoriProcess.terminal)))
        func sharesATerminalWithItsProgress() async throws {
            let file = try opening("opening.wav")
            let shown = try await SoriProcess(
                ["transcribe", file], environment: ["TERM": "xterm"], inTerminal: true
            ).outcome()
            #expect(shown.status == 0)
            #expect(shown.output.contains("\u{1B}[2Ktranscribing"), "there is a bar")
            // What is left on a line after it was erased for the last time.
            let lines = shown.output.components(separatedBy: "\r\n").map {
                $0.components(separatedBy: "\r\u{1B}[2K").last ?? ""
            }
            let plain = try await SoriProcess.run("transcribe", file, "--quiet")
            #expect(lines.joined(separator: "\n") == plain.output)
        }

        @Test func readsStandardInput() async throws {
            let outcome = try await SoriProcess.run("transcribe", "-", "--quiet", input: opening("opening.wav"))
            #expect(outcome.status == 0 && outcome.complaints.isEmpty)
            #expect(TwoCities.isOpening(outcome.output))
        }

        @Test func writesAFileForEachRecording() async throws {
            let files = try ["one", "two", "three"].map { try opening($0 + ".wav") }
            let results = folder.url.appending(path: "made/on/the/way")
            let options = ["--quiet", "--format", "srt", "--output-dir", results.path]
            let outcome = try await SoriProcess(["transcribe"] + files + options).outcome()
            #expect(outcome.status == 0 && outcome.output.isEmpty && outcome.complaints.isEmpty)
            for name in ["one", "two", "three"] {
                let text = try String(contentsOf: results.appending(path: name + ".srt"), encoding: .utf8)
                #expect(TwoCities.isOpening(text))
            }
        }

        /// Side by side, but written in the order in which they were named.
        @Test func keepsTheOrderOnStandardOutput() async throws {
            let long = try folder.file("long.wav", Wave.integers(TwoCities.samples(seconds: 20))).path
            let short = try opening("short.wav")
            let outcome = try await SoriProcess.run("transcribe", long, short, "--lanes", "2", "--quiet")
            #expect(outcome.status == 0)
            let headings = outcome.output.split(separator: "\n").filter { $0.hasPrefix("== ") }
            #expect(headings == ["== \(long)", "== \(short)"])
        }

        @Test func writesTheOtherRecordingsWhenOneIsMissing() async throws {
            let files = try [opening("one.wav"), folder.path + "/missing.wav", opening("two.wav")]
            let outcome = try await SoriProcess(["transcribe", "--quiet", "--output-dir", folder.path] + files)
                .outcome()
            #expect(outcome.status == 1)
            #expect(outcome.complaintLines.count == 1)
            #expect(outcome.complaints.contains("missing.wav"))
            for name in ["one.txt", "two.txt"] {
                let text = try String(contentsOf: folder.url.appending(path: name), encoding: .utf8)
                #expect(TwoCities.isOpening(text))
            }
        }

        /// A name that sounds alike is written the way the prompt and the hotwords spell it, or as usual: never not at all.
        @Test(arguments: [["--prompt", "Charles Dickens"], ["--hotwords", "Dickens, Paris"], ["--beams", "3"]])
        func stillHearsWithHelp(options: [String]) async throws {
            let outcome = try await SoriProcess(["transcribe", "--quiet", opening("opening.wav")] + options).outcome()
            #expect(outcome.status == 0 && outcome.complaints.isEmpty)
            #expect(TwoCities.isOpening(outcome.output), "\(outcome.output)")
        }
    }
}
