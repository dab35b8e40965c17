import Audio
import Foundation
import Scoring
import Testing
import Whisper
import WhisperText

extension ReferenceTests {
    @Suite(
        "Words and long recordings",
        .enabled(
            if: ReferenceFacts.has("words", "longform") && InstalledModels.has("base"), "needs the reference and base"))
    struct RecordingComparison {
        /// A word that both have.
        private struct Match {
            var start: Double
            var end: Double
        }

        /// faster-whisper fills a window up with the value 0 of the log-mel, which is no silence; so does this.
        private static func window(of samples: [Float], with transcriber: Transcriber) throws -> MelWindow {
            let frames = min(3000, samples.count / LogMel.hop)
            let bands = transcriber.mel.bands
            let sound = try transcriber.mel.window(of: samples, positions: (frames + 1) / 2).values.prefix(
                frames * bands)
            return MelWindow(
                normalised: sound + [Float](repeating: 0, count: (3000 - frames) * bands), bands: bands)
        }

        /// The words of a clip's first window.
        private static func words(of fact: WordsFact, with transcriber: Transcriber) throws -> [Word] {
            let samples = try AudioFile.read(fact.audio).samples
            let decoder = transcriber.decoder
            let tokenizer = transcriber.model.tokenizer
            let seconds = min(30, Double(samples.count) / 16_000)
            let options = DecodingOptions.reference(language: fact.language, timestamps: true)
            let audio = try decoder.network.encode(window(of: samples, with: transcriber))
            let window = try decoder.decode(
                audio, seconds: seconds,
                prompt: Prompt(tokenizer: tokenizer, options: options, language: fact.language), options: options)
            let split = SegmentSplitter(window.tokens, tokenizer: tokenizer, seconds: seconds)
            var segments = split.pieces.map {
                Segment(start: $0.start, end: $0.end, text: tokenizer.decode($0.tokens), tokens: $0.tokens)
            }
            var lastSpeech = 0.0
            try decoder.words(of: window, audio: audio, seconds: seconds, language: fact.language, task: .transcribe)
                .assign(to: &segments, offset: 0, endOfText: tokenizer.endOfText, lastSpeech: &lastSpeech)
            return segments.flatMap { $0.words ?? [] }
        }

        private static func matches(_ fact: WordsFact, with transcriber: Transcriber) throws -> [Match] {
            let words = try words(of: fact, with: transcriber)
            return Alignment(reference: fact.words.map(\.text), hypothesis: words.map(\.text)).steps.compactMap {
                step in
                guard step.edit == .match, let theirs = step.reference, let ours = step.hypothesis else { return nil }
                return Match(
                    start: abs(words[ours].start - fact.words[theirs].start),
                    end: abs(words[ours].end - fact.words[theirs].end))
            }
        }

        @Test("words start and end where the reference's do: half of them within 40 ms, 95 of 100 within 150 ms")
        func words() async throws {
            let facts = try ReferenceFacts.entries("words", as: WordsFact.self)
            let lanes = try ReferenceLanes(plan: .exact)
            let matches = try await lanes.map(facts) { try Self.matches($0, with: $1) }.flatMap(\.self)
            let count = facts.reduce(0) { $0 + $1.words.count }
            // Windows after a clip's first are left out, and so is what was understood otherwise.
            #expect(Double(matches.count) >= 0.8 * Double(count))
            for differences in [matches.map(\.start), matches.map(\.end)] {
                let percentiles = try #require(Percentiles(differences))
                #expect(percentiles.median <= 0.04)
                #expect(percentiles.p95 <= 0.15)
                report(
                    "words, \(matches.count) of \(count): median difference \(percentiles.median.short) s, "
                        + "95th percentile \(percentiles.p95.short) s, largest \(percentiles.maximum.short) s")
            }
        }

        @Test("recordings of several windows give the same text, but for a few words")
        func recordings() async throws {
            let facts = try ReferenceFacts.entries("longform", as: RecordingFact.self)
            #expect(!facts.isEmpty)
            let lanes = try ReferenceLanes(plan: .exact)
            let texts = try await lanes.map(facts) { fact, transcriber in
                var options = DecodingOptions()
                options.language = fact.language
                options.temperatures = [0]
                options.margin = nil
                options.conditionOnPreviousText = fact.conditioned
                options.contextTokens = 223
                let samples = try AudioFile.read(fact.audio).samples.prefix(Int(fact.cut * 16_000))
                return try transcriber.transcribe(Array(samples), options: options)
            }
            for (fact, transcript) in zip(facts, texts) {
                let expected = fact.segments.map(\.text).joined()
                let difference =
                    fact.language == "en"
                    ? ErrorRate.words(reference: expected, hypothesis: transcript.text, language: fact.language)
                    : .characters(reference: expected, hypothesis: transcript.text, language: fact.language)
                report(
                    "\(URL(filePath: fact.audio).lastPathComponent), \(fact.conditioned ? "" : "not ")conditioned: "
                        + "\(difference.rate.percent) of \(difference.referenceCount) differ; "
                        + "\(transcript.segments.count) segments, reference \(fact.segments.count)")
            }
        }
    }
}
