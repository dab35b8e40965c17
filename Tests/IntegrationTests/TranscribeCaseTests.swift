import Foundation
import Scoring
import Testing

extension CommandLineTests {
    /// What people reported of programs like this one, and what has to come out.
    @Suite(.needsSpeech, .needsDetector, .needsCases) struct TranscribeCases {
        private func text(_ name: String, _ options: String...) async throws -> String {
            let outcome = try await SoriProcess(["transcribe", Cases.path(name), "--quiet"] + options).outcome()
            #expect(outcome.status == 0 && outcome.complaints.isEmpty, "\(outcome.complaints)")
            return outcome.output
        }

        private func expect(_ text: String, _ said: String, language: String, below bound: Double) {
            let rate = ErrorRate.characters(reference: said, hypothesis: text, language: language).rate
            #expect(rate < bound, "\(text)")
        }

        @Test func theLanguageIsNotTakenFromSilence() async throws {
            let text = try await text("quiet-start-ko.flac")
            expect(text, "그는 이리저리 피하면서 길 한 옆으로 걸어갔다.", language: "ko", below: 0.25)
        }

        @Test func oneSentenceAfterSilenceIsOneCue() async throws {
            let srt = try await text("sentence-after-25-s-ko.flac", "--language", "ko", "--format", "srt")
            let times = srt.matches(of: #/00:00:(\d\d),(\d{3}) --> 00:00:(\d\d),(\d{3})/#)
            try #require(times.count == 1, "\(srt)")
            #expect(times[0].output.1 == "25" && times[0].output.3 == "28", "\(srt)")
        }

        @Test func aPauseStaysEmpty() async throws {
            let srt = try await text("pause-of-22-s-ko.flac", "--language", "ko", "--format", "srt")
            let times = srt.matches(of: #/00:00:(\d\d),\d{3} --> 00:00:(\d\d),\d{3}/#)
            try #require(times.count == 2, "\(srt)")
            #expect(times[0].output.1 == "00" && (Int(times[0].output.2) ?? 99) <= 4, "\(srt)")
            #expect((Int(times[1].output.1) ?? 0) >= 25 && (Int(times[1].output.2) ?? 0) >= 29, "\(srt)")
        }

        @Test func aCrumbIsNoWindow() async throws {
            let text = try await text("crumb.flac", "--language", "ko")
            #expect(text.split(separator: "\n").count == 1, "\(text)")
            // Base hears 정류장 and 여긴가요 now one way and now another: three of fifteen characters.
            expect(text, "01번 마을버스 정류장이 여긴가요?", language: "ko", below: 0.25)
        }

        /// The second part is Korean, which was not asked for, but is what was said.
        @Test func bothLanguagesOfAJoinedFileAreWritten() async throws {
            let text = try await text("two-parts.opus", "--language", "en")
            #expect(text.contains("workhouse") && text.contains("걸어갔다"), "\(text)")
        }

        @Test func aPoemIsNotALoop() async throws {
            let text = try await text("loop.flac", "--language", "en")
            let lines = text.split(separator: "\n").map { $0.lowercased() }
            #expect(Set(lines).count == lines.count, "no line stands twice: \(text)")
            #expect(text.lowercased().contains("by the grave and the"), "\(text)")
        }
    }
}
