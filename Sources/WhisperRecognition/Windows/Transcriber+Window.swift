import Foundation
import Recognition
import Whisper
import WhisperText

extension Transcriber {
    /// Writes the text of one window.
    ///
    /// - Parameter kept: what the former window of the request's stream has left, and then what this one leaves.
    func recognize(
        _ request: RecognitionRequest, keeping kept: inout GrowingWindow?, isCancelled: () -> Bool
    ) throws -> RecognitionResult {
        let seconds = Double(request.samples.count) / Double(Self.sampleRate)
        guard seconds <= Self.windowSeconds else {
            throw WhisperError(.badInput, "a window has at most 30 s of sound; cut it, or transcribe it as a recording")
        }
        let start = ContinuousClock.now
        let margin = request.options.margin
        let audio =
            request.place != nil && decoder.network.keepsWindows
            ? try encode(request.samples, seconds: seconds, margin: margin, keeping: &kept)
            : try encode(request.samples, seconds: seconds, margin: margin)
        let encoded = ContinuousClock.now
        let (language, heard) = try language(of: audio, for: request)
        let preceding = try Prompt(
            tokenizer: model.tokenizer, options: request.options, language: language, context: request.context,
            prefix: request.prefix)
        let frames = Int((seconds * 50).rounded(.up))
        // AlignAtt: a token that is heard close to the end may be half a word.
        let monitor = request.attentionThreshold.map { threshold in
            { (token: TokenStep) -> Continuation in
                frames - (token.attended ?? 0) <= threshold ? .discard : .resume
            }
        }
        let guess = decoder.network.prefersManyTokens ? request.draft : []
        let window = try decoder.decode(
            audio, seconds: seconds, prompt: preceding, options: request.options,
            draft: Draft(guess, firstTimestamp: model.tokenizer.firstTimestamp),
            draftsWithPrompt: request.place != nil, attention: request.attentionThreshold != nil,
            isCancelled: isCancelled, monitor: monitor)
        var words: [Word] = []
        if request.options.wordTimestamps {
            words = try decoder.words(
                of: window, audio: audio, seconds: seconds, language: language, task: request.options.task,
                after: request.prefix
            ).words.map { Word(text: $0.text, start: $0.start, end: $0.end, probability: $0.probability) }
        }
        var result = RecognitionResult(
            text: window.text, tokens: tokens(of: window), words: words, language: language,
            averageLogProbability: window.averageLogProbability, noSpeechProbability: window.noSpeechProbability,
            compressionRatio: window.compressionRatio, temperature: window.temperature, isComplete: window.isComplete)
        result.languages = heard
        let prompt = decoder.promptTime / .seconds(1)
        result.times = WindowTimes(
            encode: (encoded - start) / .seconds(1), prompt: prompt,
            decode: (ContinuousClock.now - encoded) / .seconds(1) - prompt)
        return result
    }

    /// The language of a window; where it is detected, also what the sound alone says.
    private func language(
        of audio: Range<Int>, for request: RecognitionRequest
    ) throws -> (code: String, heard: [String: Float]) {
        guard model.tokenizer.isMultilingual else { return ("en", [:]) }
        if let language = request.options.language { return (language, [:]) }
        let heard = try decoder.languages(of: audio, among: request.options.languages)
        let scores = heard.map { language, probability in
            (language.code, log(max(probability, 1e-9)) + (request.languagePriors[language.code] ?? 0))
        }
        let likely = heard.filter { $0.probability >= 0.01 }.map { ($0.language.code, $0.probability) }
        // Of equals the first, which is the likelier by sound.
        let best = scores.reduce(into: scores.first) { best, score in if score.1 > best?.1 ?? 0 { best = score } }
        return (best?.0 ?? "en", Dictionary(likely) { first, _ in first })
    }

    private func tokens(of window: DecodedWindow) -> [RecognitionResult.Token] {
        zip(window.tokens, window.probabilities).enumerated().map { index, token in
            let attendedAt = index < window.attended.count ? Double(window.attended[index]) / 50 : nil
            return RecognitionResult.Token(id: token.0, probability: token.1, attendedAt: attendedAt)
        }
    }
}
