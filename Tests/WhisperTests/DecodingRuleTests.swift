import SeededRandom
import Testing
import Whisper
import WhisperText

/// What Whisper may write next: the grammar of timestamps.
@Suite("Token rules")
struct DecodingRuleTests {
    private static let tokenizer = TokenFixtures.toyTokenizer([" ", "a"])
    private let tokenizer = Self.tokenizer

    private func next(
        after written: [Int], seconds: Double? = nil, _ change: (inout DecodingOptions) -> Void = { _ in }
    ) -> NextTokens {
        var options = DecodingOptions()
        change(&options)
        return TokenRules(
            tokenizer: tokenizer, vocabulary: tokenizer.vocabularySize, options: options, seconds: seconds
        ).next(after: written)
    }

    private func time(_ seconds: Double) -> Int { tokenizer.timestamp(atSeconds: seconds) }

    private func allows(_ next: NextTokens, _ token: Int) -> Bool {
        next.allows(token, firstTimestamp: tokenizer.firstTimestamp)
    }

    @Test("a text starts with a time in the first second")
    func start() {
        let next = next(after: [])
        #expect(allows(next, time(0)))
        #expect(allows(next, time(1)))
        #expect(!allows(next, time(1.02)))
        #expect(!allows(next, 65))
        #expect(!allows(next, tokenizer.endOfText))
    }

    @Test("the latest start can be chosen")
    func latestStart() {
        let only = next(after: []) { $0.maximumInitialTimestamp = 0 }
        #expect(allows(only, time(0)))
        #expect(!allows(only, time(0.02)))
        let any = next(after: []) { $0.maximumInitialTimestamp = nil }
        #expect(allows(any, time(30)))
        #expect(!allows(any, 65))
    }

    @Test("nothing is said after the sound")
    func endOfSound() {
        let first = next(after: [], seconds: 0.5)
        #expect(allows(first, time(0.5)))
        #expect(!allows(first, time(0.52)))
        let text = next(after: [time(0), 65], seconds: 2)
        #expect(allows(text, 66) && allows(text, time(2)))
        #expect(!allows(text, time(2.02)))
        for end in [1.9, 2] {
            let rest = next(after: [time(0), 65, time(end)], seconds: 2)
            #expect(allows(rest, tokenizer.endOfText))
            #expect(!allows(rest, 65) && !allows(rest, time(end)))
        }
        #expect(allows(next(after: [time(0), 65, time(1.88)], seconds: 2), time(1.88)))
    }

    @Test("text follows the start of a segment")
    func afterStart() {
        for written in [[time(0)], [time(0), 65, time(2), time(2)]] {
            let next = next(after: written)
            #expect(allows(next, 65))
            #expect(allows(next, tokenizer.endOfText))
            #expect(!allows(next, time(0)))
            #expect(!allows(next, time(3)))
        }
    }

    @Test("a segment takes time")
    func afterText() {
        let next = next(after: [time(1), 65])
        #expect(allows(next, 66))
        #expect(allows(next, tokenizer.endOfText))
        #expect(!allows(next, time(1)))
        #expect(allows(next, time(1.02)))
        #expect(allows(next, time(30)))
    }

    @Test("after the end of a segment comes the start of the next, or the end")
    func afterEnd() {
        let next = next(after: [time(0), 65, time(2)])
        #expect(!allows(next, 65))
        #expect(allows(next, tokenizer.endOfText))
        #expect(!allows(next, time(1.98)))
        #expect(allows(next, time(2)))
        #expect(allows(next, time(2.5)))
    }

    @Test("nothing comes after the last moment but text")
    func lastMoment() {
        let next = next(after: [time(0), 65, time(30), time(30), 66])
        #expect(next.timestamps.isEmpty)
        #expect(allows(next, 67))
        #expect(allows(next, tokenizer.endOfText))
    }

    @Test("without timestamps there is only text, which neither starts blank nor is empty")
    func withoutTimestamps() {
        let space = tokenizer.encode(" ")[0]
        let first = next(after: []) { $0.timestamps = false }
        #expect(allows(first, 65))
        #expect(!allows(first, space))
        #expect(!allows(first, tokenizer.endOfText))
        #expect(!allows(first, time(0)))
        let later = next(after: [65]) { $0.timestamps = false }
        #expect(allows(later, space))
        #expect(allows(later, tokenizer.endOfText))
        #expect(!allows(later, time(5)))
        let free = next(after: []) {
            $0.timestamps = false
            $0.suppressBlank = false
        }
        #expect(allows(free, space))
        #expect(allows(free, tokenizer.endOfText))
    }

    @Test("whatever the model prefers, segments are whole and in order", arguments: 0..<40 as Range<UInt64>)
    func anyWalk(seed: UInt64) {
        let tokens = TokenWalk(tokenizer: tokenizer, seed: seed).tokens
        let isTime = tokens.map(tokenizer.isTimestamp)
        #expect(isTime.first == true)
        let times = tokens.filter(tokenizer.isTimestamp)
        #expect(times == times.sorted())
        for index in tokens.indices.dropFirst(2) {
            #expect(!(isTime[index] && isTime[index - 1] && isTime[index - 2]), "three times in a row in \(tokens)")
        }
        // A pair is the end of a segment with text and the start of the next one.
        for index in tokens.indices.dropFirst() where isTime[index] && isTime[index - 1] {
            #expect(index >= 3 && !isTime[index - 2])
        }
    }
}

/// A text drawn from random probabilities by the rules; it may be cut off anywhere.
struct TokenWalk {
    private(set) var tokens: [Int] = []

    init(tokenizer: Tokenizer, seed: UInt64) {
        var random = SplitMix64(state: seed)
        let rules = TokenRules(
            tokenizer: tokenizer, vocabulary: tokenizer.vocabularySize, options: DecodingOptions())
        for _ in 0..<Int.random(in: 1...60, using: &random) {
            var probabilities = [Float](repeating: 0, count: tokenizer.vocabularySize)
            for _ in 0..<8 {
                probabilities[Int.random(in: 0..<256, using: &random)] = .random(in: 0...1, using: &random)
            }
            // Times early and late; the end rarely.
            for _ in 0..<40 {
                let time = Int.random(in: 0...1500, using: &random) * Int.random(in: 0...100, using: &random) / 100
                probabilities[tokenizer.firstTimestamp + time] = .random(in: 0...0.1, using: &random)
            }
            probabilities[tokenizer.endOfText] = .random(in: 0...0.2, using: &random)
            let candidate = probabilities.withUnsafeBufferPointer {
                rules.next(after: tokens).best(1, of: $0, firstTimestamp: tokenizer.firstTimestamp).first
            }
            guard let token = candidate?.token, token != tokenizer.endOfText else { break }
            tokens.append(token)
        }
    }
}

extension NextTokens {
    /// Whether a token may come at all.
    func allows(_ token: Int, firstTimestamp: Int) -> Bool {
        guard !excluded.contains(token) else { return false }
        return token >= firstText && token < firstTimestamp || timestamps.contains(token)
    }
}
