import Foundation
import Testing

extension CommandLineTests {
    /// What `sori transcribe --format` writes can be read by others.
    @Suite(.needsSpeech) struct Formats {
        let folder = TemporaryFolder()
        static let seconds = 20

        private func transcript(_ options: String...) async throws -> String {
            let file = try folder.file("talk.wav", Wave.integers(TwoCities.samples(seconds: Self.seconds))).path
            let outcome = try await SoriProcess(["transcribe", "--quiet", file] + options).outcome()
            try #require(outcome.status == 0, "\(outcome.complaints)")
            #expect(TwoCities.isOpening(outcome.output), "\(outcome.output)")
            return outcome.output
        }

        /// Cues follow one another, and none lasts longer than the recording.
        private func expectInOrder(_ times: [(start: Int, end: Int)]) {
            #expect(!times.isEmpty)
            #expect(times.allSatisfy { 0 <= $0.start && $0.start < $0.end && $0.end <= Self.seconds * 1000 })
            #expect(zip(times, times.dropFirst()).allSatisfy { $0.end <= $1.start })
        }

        @Test func json() async throws {
            let plain = try JSONDecoder().decode(Report.self, from: Data(await transcript("--format", "json").utf8))
            #expect(plain.language == "en")
            #expect(plain.duration == Double(Self.seconds))
            #expect(TwoCities.isOpening(plain.text))
            #expect(plain.segments.allSatisfy { $0.words == nil && !$0.text.isEmpty })
            expectInOrder(plain.segments.map { (milliseconds($0.start), milliseconds($0.end)) })
        }

        @Test func jsonWithWords() async throws {
            let text = try await transcript("--format", "json", "--word-timestamps", "--language", "English")
            let report = try JSONDecoder().decode(Report.self, from: Data(text.utf8))
            let words = try report.segments.flatMap { try #require($0.words) }
            #expect(words.map(\.text).joined().contains("it was the worst of times"))
            #expect(zip(words, words.dropFirst()).allSatisfy { $0.start <= $1.start && $0.end <= $1.end })
            #expect(words.allSatisfy { 0 <= $0.start && $0.start <= $0.end && $0.end <= Double(Self.seconds) })
            // Somebody who reads aloud says two to four words a second.
            #expect((2 * Self.seconds...4 * Self.seconds).contains(words.count))
        }

        @Test func srt() async throws {
            let cues = try await transcript("--format", "srt").split(separator: "\n\n").map {
                $0.split(separator: "\n")
            }
            #expect(cues.map { $0.first } == cues.indices.map { "\($0 + 1)" })
            #expect(cues.allSatisfy { (3...4).contains($0.count) }, "one or two lines of text")
            expectInOrder(try cues.map { try times(in: $0[1], #/(\d\d):(\d\d):(\d\d),(\d{3})/#) })
        }

        @Test func vtt() async throws {
            let blocks = try await transcript("--format", "vtt").split(separator: "\n\n").map {
                $0.split(separator: "\n")
            }
            #expect(blocks.first == ["WEBVTT"])
            let cues = blocks.dropFirst()
            #expect(cues.allSatisfy { (2...3).contains($0.count) }, "one or two lines of text")
            expectInOrder(
                try cues.map {
                    try times(in: "00:" + $0[0].replacing("--> ", with: "--> 00:"), #/(\d\d):(\d\d):(\d\d)\.(\d{3})/#)
                })
        }

        @Test func tsv() async throws {
            let rows = try await transcript("--format", "tsv").split(separator: "\n").map { $0.split(separator: "\t") }
            #expect(rows.first == ["start", "end", "text"])
            #expect(rows.allSatisfy { $0.count == 3 })
            expectInOrder(try rows.dropFirst().map { (try #require(Int($0[0])), try #require(Int($0[1]))) })
        }

        @Test func translatesIntoEnglish() async throws {
            _ = try await transcript("--task", "translate")
        }

        /// Start and end of a cue in milliseconds.
        private func times(
            in line: some StringProtocol, _ time: Regex<(Substring, Substring, Substring, Substring, Substring)>
        ) throws -> (start: Int, end: Int) {
            let times = try line.components(separatedBy: " --> ").map { text in
                let parts = try #require(text.wholeMatch(of: time), "\(line)").output
                let numbers = try [parts.1, parts.2, parts.3, parts.4].map { try #require(Int($0)) }
                return ((numbers[0] * 60 + numbers[1]) * 60 + numbers[2]) * 1000 + numbers[3]
            }
            try #require(times.count == 2)
            return (times[0], times[1])
        }

        private func milliseconds(_ seconds: Double) -> Int { Int((seconds * 1000).rounded()) }
    }

    /// The JSON that is promised to users, read without the library that wrote it.
    struct Report: Decodable {
        struct Segment: Decodable {
            var start: Double
            var end: Double
            var text: String
            var words: [Word]?
        }

        struct Word: Decodable {
            var text: String
            var start: Double
            var end: Double
            var probability: Double
        }

        var text: String
        var language: String
        var duration: Double
        var segments: [Segment]
    }
}
