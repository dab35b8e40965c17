import Foundation
import Testing

extension CommandLineTests {
    /// `sori bench`: that it measures, not how fast it is.
    @Suite(.needsSpeech) struct Bench {
        private struct Figures: Decodable {
            var model: String
            var text: String
            var load_seconds: Double
            var first_result_seconds: Double
            var mel_seconds: [String: Double]
            var encode_seconds: [String: Double]
            var prefix40_seconds: Double
            var token_seconds: Double
            var window2_seconds: Double
            var clip30_seconds: Double
            var clip30_tokens: Int
            var weight_bytes: Int
            var working_bytes: Int
            var resident_bytes: Int
        }

        @Test func measuresTheEngine() async throws {
            let outcome = try await SoriProcess.run(
                "bench", "engine", "--json", "--repeat", "1", "--audio", TwoCities.path)
            #expect(outcome.status == 0 && outcome.complaints.isEmpty)
            let figures = try JSONDecoder().decode(Figures.self, from: Data(outcome.output.utf8))
            #expect(figures.model == "base")
            #expect(TwoCities.isOpening(figures.text))
            #expect(Set(figures.mel_seconds.keys) == ["1", "2", "5", "10", "30"])
            #expect(Set(figures.encode_seconds.keys) == ["1", "2", "5", "10", "30"])
            let times = [
                figures.load_seconds, figures.first_result_seconds, figures.prefix40_seconds, figures.token_seconds,
                figures.window2_seconds, figures.clip30_seconds,
            ]
            #expect((times + figures.mel_seconds.values + figures.encode_seconds.values).allSatisfy { $0 > 0 })
            #expect(figures.clip30_tokens > 20)
            #expect(figures.working_bytes > 0)
            #expect(figures.resident_bytes > figures.weight_bytes && figures.weight_bytes > 0)
        }

        @Test func printsATable() async throws {
            let outcome = try await SoriProcess.run("bench", "engine", "--repeat", "1")
            #expect(outcome.status == 0 && outcome.complaints.isEmpty)
            for row in ["load", "encoder, 2 s and margin", "one token", "resident memory of the process"] {
                #expect(outcome.output.contains(row), "\(outcome.output)")
            }
        }

        /// A voice and noise, and the list of both.
        private func manifest(in folder: TemporaryFolder) throws -> String {
            try folder.file("voice.wav", Wave.integers(TwoCities.samples(seconds: 6)))
            let noise = (0..<96_000).map { _ in Float.random(in: -0.1...0.1) }
            try folder.file("noise.wav", Wave.integers(noise))
            let lines = """
                {"path": "voice.wav", "language": "en", "text": "\(TwoCities.opening)", "seconds": 6}
                {"path": "noise.wav", "language": "none", "text": "", "seconds": 6}
                """
            return try folder.file("list.jsonl", Data(lines.utf8)).path
        }

        @Test func measuresHowSpeechIsToldFromNoise() async throws {
            let folder = TemporaryFolder()
            let outcome = try await SoriProcess.run("bench", "detector", "--manifest", manifest(in: folder))
            #expect(outcome.status == 0 && outcome.complaints.isEmpty, "\(outcome.complaints)")
            #expect(outcome.output.contains("en: 3 windows of speech, 3 of other sound, area"), "\(outcome.output)")
        }

        @Test func measuresShortWindows() async throws {
            let folder = TemporaryFolder()
            let arguments = ["bench", "windows", "--seconds", "6", "--margins", "64", "--manifest"]
            let outcome = try await SoriProcess(arguments + [manifest(in: folder)]).outcome()
            #expect(outcome.status == 0 && outcome.complaints.isEmpty, "\(outcome.complaints)")
            #expect(outcome.output.contains("en: 1 recordings"), "\(outcome.output)")
            let cell = try #require(outcome.output.split(separator: "\n").last?.split(separator: " ").dropLast().last)
            #expect(try #require(Double(cell)) < 20)
        }

        @Test func namesAListThatIsNotThere() async throws {
            let outcome = try await SoriProcess.run("bench", "windows", "--manifest", "nowhere.jsonl")
            #expect(outcome.status == 1 && outcome.complaintLines.count == 1)
            #expect(outcome.complaints.contains("nowhere.jsonl"))
        }
    }
}
