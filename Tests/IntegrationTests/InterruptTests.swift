import Foundation
import Testing

extension CommandLineTests {
    /// Ctrl-C in the middle of a long recording.
    @Suite(.needsSpeech) struct Interruption {
        let folder = TemporaryFolder()
        static let minutes = 5

        private func start(_ options: String...) throws -> SoriProcess {
            let long = try folder.file("long.wav", Wave.integers(TwoCities.samples(seconds: Self.minutes * 60)))
            return try SoriProcess(["transcribe", "--threads", "1", "--language", "en", long.path] + options)
        }

        @Test func leavesWhatWasShown() async throws {
            let sori = try start("--quiet")
            try await sori.wait { $0.output.contains("times") }
            sori.interrupt()
            let outcome = try await sori.outcome()
            #expect(outcome.status == 130)
            #expect(TwoCities.isOpening(outcome.output))
            #expect(outcome.complaintLines.count == 1)
            #expect(outcome.complaints.contains("interrupted after"))
        }

        @Test func writesTheFileSoFar() async throws {
            let sori = try start("--format", "json", "--output-dir", folder.path)
            // The first line is that of the start, the second comes when a quarter is done.
            try await sori.wait { $0.complaints.split(separator: "\n").count > 1 }
            sori.interrupt()
            let outcome = try await sori.outcome()
            #expect(outcome.status == 130)
            #expect(!outcome.complaints.contains("\u{1B}"))
            let file = folder.url.appending(path: "long.json")
            let report = try JSONDecoder().decode(Report.self, from: Data(contentsOf: file))
            #expect(TwoCities.isOpening(report.text))
            #expect(report.language == "en")
            #expect(report.duration == Double(Self.minutes * 60))
            let end = try #require(report.segments.last).end
            #expect(end > 60 && end < report.duration)
        }
    }
}
