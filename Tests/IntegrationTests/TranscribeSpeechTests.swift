import Foundation
import Scoring
import Testing

extension CommandLineTests {
    /// `sori transcribe` knows where somebody speaks.
    @Suite(.needsSpeech, .needsDetector) struct Speech {
        let folder = TemporaryFolder()

        /// What a room sounds like when nobody speaks, the same each time.
        private func room(_ seconds: Double) -> [Float] {
            var state: UInt64 = 7
            return (0..<Int(seconds * 16_000)).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return 0.0008 * (Float(state >> 40) / Float(1 << 23) - 1)
            }
        }

        private func transcribe(_ samples: [Float], _ options: String...) async throws -> SoriProcess.Outcome {
            let file = try folder.file("talk.wav", Wave.integers(samples)).path
            let outcome = try await SoriProcess(["transcribe", file, "--quiet"] + options).outcome()
            #expect(outcome.status == 0 && outcome.complaints.isEmpty, "\(outcome.complaints)")
            return outcome
        }

        /// Cues as (start, end, text).
        private func cues(_ outcome: SoriProcess.Outcome) throws -> [(start: Double, end: Double, text: String)] {
            try outcome.output.components(separatedBy: "\n\n").filter { !$0.isEmpty }.map { block in
                let lines = block.split(separator: "\n")
                let times = try lines[1].components(separatedBy: " --> ").map { time in
                    let parts = time.replacing(",", with: ":").split(separator: ":").compactMap { Double($0) }
                    try #require(parts.count == 4)
                    return parts[0] * 3600 + parts[1] * 60 + parts[2] + parts[3] / 1000
                }
                return (times[0], times[1], lines.dropFirst(2).joined(separator: "\n"))
            }
        }

        @Test func theLanguageIsThatOfTheFirstSpeech() async throws {
            let outcome = try await transcribe(
                room(27) + TwoCities.samples(seconds: 6), "--format", "json")
            let report = try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
            #expect(report.language == "en" && TwoCities.isOpening(report.text), "\(report.text)")
            #expect(report.segments.allSatisfy { $0.start > 26.5 && $0.end <= 33 })
            let rate = ErrorRate.words(reference: TwoCities.opening, hypothesis: report.text, language: "en")
            #expect(rate.rate < 0.2, "and nothing was made up before it: \(report.text)")
        }

        @Test func nothingIsSaidInAPause() async throws {
            let opening = try TwoCities.samples(seconds: 6)
            let outcome = try await transcribe(opening + room(22) + opening, "--format", "srt", "--language", "en")
            let cues = try cues(outcome)
            #expect(!cues.isEmpty && cues.allSatisfy { $0.end < 7 || $0.start > 27.5 }, "\(outcome.output)")
            let text = cues.map(\.text).joined(separator: " ")
            let said = TwoCities.opening + " " + TwoCities.opening
            #expect(ErrorRate.words(reference: said, hypothesis: text, language: "en").rate < 0.2, "\(text)")
        }

        @Test func noSpeechIsNoText() async throws {
            #expect(try await transcribe(room(40)).output.isEmpty)
            let tone = (0..<16_000 * 20).map { 0.2 * sin(Float($0) * 0.17) * sin(Float($0) * 0.0004) }
            #expect(try await transcribe(tone).output.isEmpty)
        }

        /// Somebody who wants every sound decoded gets it; of real speech the text is the same.
        @Test func everythingCanBeDecoded() async throws {
            let outcome = try await transcribe(TwoCities.samples(seconds: 6), "--no-gate")
            #expect(TwoCities.isOpening(outcome.output))
        }

        /// Without the detector's model recordings are written down as before, and it says so.
        @Test func theDetectorCanBeMissing() async throws {
            let file = try folder.file("talk.wav", Wave.integers(TwoCities.samples(seconds: 6))).path
            let outcome = try await SoriProcess.run("transcribe", file, "--quiet", "--detector", "not-there")
            #expect(outcome.status == 0 && TwoCities.isOpening(outcome.output))
            #expect(outcome.complaintLines.count == 1 && outcome.complaints.contains("sori models pull not-there"))
        }

        @Test(arguments: [([], 42, 2), (["--max-line-width", "30", "--max-line-count", "1"], 30, 1)])
        func subtitlesCanBeRead(options: [String], width: Int, lines: Int) async throws {
            let outcome = try await SoriProcess(
                ["transcribe", TwoCities.path, "--quiet", "--format", "srt"] + options
            ).outcome()
            let cues = try cues(outcome)
            #expect(cues.allSatisfy { $0.end - $0.start <= 7 && $0.start < $0.end })
            #expect(zip(cues, cues.dropFirst()).allSatisfy { $0.end <= $1.start })
            for cue in cues {
                let shown = cue.text.split(separator: "\n")
                #expect(shown.count <= lines && shown.allSatisfy { $0.count <= width }, "\(cue.text)")
            }
            let text = cues.map(\.text).joined(separator: " ")
            #expect(ErrorRate.words(reference: TwoCities.text, hypothesis: text, language: "en").rate < 0.15)
        }

        @Test func subtitlesCanBeLeftAsTheyAre() async throws {
            let outcome = try await SoriProcess.run(
                "transcribe", TwoCities.path, "--quiet", "--format", "srt", "--no-cut")
            #expect(try cues(outcome).contains { $0.text.count > 42 && !$0.text.contains("\n") })
        }

        @Test func namesOfResultsAreThoseOfTheRecordings() async throws {
            let files = try ["Ep. 1.wav", "Ep. 2.wav", "Ep. 3", "talk.wav", "talk.WAV"].map { name in
                try folder.file(name, Wave.integers(TwoCities.samples(seconds: 2))).path
            }
            let results = folder.url.appending(path: "results")
            let outcome = try await SoriProcess(["transcribe", "--quiet", "--output-dir", results.path] + files)
                .outcome()
            #expect(outcome.status == 0, "\(outcome.complaints)")
            let names = try FileManager.default.contentsOfDirectory(atPath: results.path).sorted()
            #expect(names == ["Ep. 1.txt", "Ep. 2.txt", "Ep. 3.txt", "talk.WAV.txt", "talk.wav.txt"])
        }
    }
}
