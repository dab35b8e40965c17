import Foundation
import Recognition
import Streaming
import WhisperText

/// A tokenizer in which every byte is a token, so that a Hangul syllable takes three.
enum Toy {
    static let tokenizer = Tokenizer(vocabulary: (UInt8.min...UInt8.max).map { [$0] }, vocabularySize: 51_865)

    static func tokens(_ text: String) -> [Int] { text.utf8.map(Int.init) }

    static func text(_ tokens: [Int]) -> String { tokenizer.decode(tokens) }

    /// How likely a language is, by sound and by what is known before, as a recogniser reckons.
    static func score(_ heard: (key: String, value: Float), _ priors: [String: Float]) -> Float {
        log(heard.value) + (priors[heard.key] ?? 0)
    }

    /// The token of a time in seconds.
    static func time(_ seconds: Double) -> Int { tokenizer.timestamp(atSeconds: seconds) }
}

extension RecognitionResult {
    /// A text of pieces, each heard at so many seconds from the start of the window.
    static func heard(
        _ pieces: [(text: String, at: Double)], language: String = "en", isComplete: Bool = false,
        probability: Float = -0.2, compression: Float = 1
    ) -> Self {
        RecognitionResult(
            text: pieces.map(\.text).joined(),
            tokens: pieces.flatMap { piece in
                Toy.tokens(piece.text).map { Token(id: $0, probability: 0.9, attendedAt: piece.at) }
            },
            language: language, averageLogProbability: probability, noSpeechProbability: 0,
            compressionRatio: compression, isComplete: isComplete)
    }

    /// A text without times, or with time tokens in it.
    static func written(_ tokens: [Int], words: [Word] = [], language: String = "en", probability: Float = -0.2) -> Self
    {
        RecognitionResult(
            text: Toy.text(tokens), tokens: tokens.map { Token(id: $0, probability: 0.9) }, words: words,
            language: language, averageLogProbability: probability, noSpeechProbability: 0, compressionRatio: 1,
            isComplete: true)
    }

    /// Words with times from the start of the window.
    static func timed(_ words: [(text: String, start: Double, end: Double)], language: String = "en") -> Self {
        .written(
            Toy.tokens(words.map(\.text).joined()),
            words: words.map { Word(text: $0.text, start: $0.start, end: $0.end, probability: 0.9) },
            language: language)
    }
}

extension StreamingPolicy {
    /// Plans a window that ends at a time and takes pieces heard at times of the session. `nil` when none was planned.
    @discardableResult
    mutating func hear(
        upTo end: Double, _ pieces: [(text: String, at: Double)], language: String = "en", isComplete: Bool = false,
        isLast: Bool = false
    ) -> WindowPlan? {
        guard let plan = window(of: 0..<end.asSamples, hop: 1600, isLast: isLast) else { return nil }
        let start = plan.range.lowerBound.asSeconds
        accept(
            .heard(pieces.map { ($0.text, $0.at - start) }, language: language, isComplete: isComplete), of: plan)
        return plan
    }

    /// Plans a window and takes words with times of the session, as a recogniser gives them that hears them in full.
    @discardableResult
    mutating func hear(
        _ sound: Range<Double>, _ words: [(text: String, start: Double, end: Double)], language: String = "en",
        isLast: Bool = false
    ) -> WindowPlan? {
        let sound = sound.lowerBound.asSamples..<sound.upperBound.asSamples
        guard let plan = window(of: sound, hop: 1600, isLast: isLast) else { return nil }
        let start = plan.range.lowerBound.asSeconds
        accept(.timed(words.map { ($0.text, $0.start - start, $0.end - start) }, language: language), of: plan)
        return plan
    }
}
