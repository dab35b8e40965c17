import Foundation
import Testing

extension CommandLineTests {
    /// Whatever is given to `sori transcribe`: one clear line, and nothing else that was asked for is lost.
    @Suite(.needsSpeech) struct BadInput {
        let folder = TemporaryFolder()

        private func transcribe(_ content: Data, _ options: String...) async throws -> SoriProcess.Outcome {
            let file = try folder.file("odd.wav", content).path
            return try await SoriProcess(["transcribe", "--quiet", file] + options).outcome()
        }

        private func expectOneLine(_ outcome: SoriProcess.Outcome, naming word: String) {
            #expect(outcome.status != 0)
            #expect(outcome.output.isEmpty)
            #expect(outcome.complaintLines.count == 1, "\(outcome.complaints)")
            #expect(outcome.complaints.hasPrefix("sori: "))
            #expect(outcome.complaints.contains(word), "\(outcome.complaints)")
        }

        @Test(arguments: ["", "This is a letter, not a sound.", "RIFF\u{0}\u{0}\u{0}\u{0}WAVEfmt "])
        func refusesWhatIsNoSound(content: String) async throws {
            try await expectOneLine(transcribe(Data(content.utf8)), naming: "odd.wav")
        }

        @Test func refusesASoundOfNoLength() async throws {
            try await expectOneLine(transcribe(Wave.integers([])), naming: "odd.wav")
        }

        @Test func hearsWhatIsThereOfATruncatedFile() async throws {
            let whole = try Wave.integers(TwoCities.samples(seconds: 12))
            let outcome = try await transcribe(whole.prefix(whole.count / 2))
            #expect(outcome.status == 0)
            #expect(TwoCities.isOpening(outcome.output))
        }

        /// Nothing is said, so nothing is written, and that is no mistake.
        @Test(arguments: [1, 32_000])
        func writesNothingForSilence(samples: Int) async throws {
            let silence = Wave.integers([Float](repeating: 0, count: samples))
            let text = try await transcribe(silence)
            #expect(text.status == 0 && text.output.isEmpty && text.complaints.isEmpty)
            let json = try await transcribe(silence, "--format", "json")
            #expect(json.status == 0)
            let report = try JSONDecoder().decode(Report.self, from: Data(json.output.utf8))
            #expect(report.text.isEmpty && report.segments.isEmpty)
        }

        /// The telephone's rate, a studio's rate, and a cinema's eight channels, of which only the one in the centre speaks.
        @Test(arguments: [(8_000, 1), (192_000, 1), (16_000, 8)])
        func hearsAnyRateAndAnyChannels(rate: Int, channels: Int) async throws {
            let speech = try TwoCities.samples(seconds: 6)
            let frames = (0..<6 * rate).map { speech[$0 * 16_000 / rate] }
            let samples = frames.flatMap { sample in (0..<channels).map { $0 == min(2, channels - 1) ? sample : 0 } }
            let outcome = try await transcribe(Wave.integers(samples, rate: rate, channels: channels))
            #expect(outcome.status == 0 && outcome.complaints.isEmpty)
            #expect(TwoCities.isOpening(outcome.output), "\(outcome.output)")
        }

        @Test func hearsPastSamplesThatAreNoNumbers() async throws {
            var samples = try TwoCities.samples(seconds: 6)
            for index in stride(from: 0, to: samples.count, by: 1000) { samples[index] = .nan }
            samples[500] = .infinity
            let outcome = try await transcribe(Wave.floats(samples))
            #expect(outcome.status == 0)
            #expect(TwoCities.isOpening(outcome.output), "\(outcome.output)")
            #expect(outcome.complaintLines.count == 1)
            #expect(outcome.complaints.contains("97 samples are not a number"), "\(outcome.complaints)")
        }

        @Test(arguments: [
            ["--language", "klingon"], ["--device", "abacus"], ["--format", "docx"], ["--model", "enormous"],
            ["--weights", "q2"], ["--task", "sing"], ["--lanes", "0"], ["--beams", "99"],
        ])
        func namesWhatItDoesNotKnow(option: [String]) async throws {
            let outcome = try await SoriProcess(["transcribe", "--quiet", TwoCities.path] + option).outcome()
            let named = option[0] == "--lanes" || option[0] == "--beams" ? option[0] : option[1]
            expectOneLine(outcome, naming: named)
        }

        @Test func refusesAFolderThatCannotBeMade() async throws {
            try folder.file("occupied", Data())
            let options = ["--quiet", "--output-dir", folder.path + "/occupied/results"]
            try await expectOneLine(
                SoriProcess(["transcribe", TwoCities.path] + options).outcome(), naming: "occupied")
        }

        /// Neither result may overwrite the other.
        @Test func refusesTwoRecordingsOfOneName() async throws {
            let files = try ["a/talk.wav", "b/talk.wav"].map { try folder.file($0, Wave.integers([0])).path }
            let outcome = try await SoriProcess(["transcribe", "--output-dir", folder.path] + files).outcome()
            expectOneLine(outcome, naming: "talk.txt")
        }
    }
}
