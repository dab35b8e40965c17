import Foundation
import SeededRandom
import Testing
import Whisper

/// Choosing a token by its probability: 20 words, then 20 timestamps.
@Suite("Next tokens")
struct NextTokenTests {
    private let firstTimestamp = 20

    private func probabilities(_ values: [Int: Float]) -> [Float] {
        (0..<40).map { values[$0] ?? 0 }
    }

    private func best(_ count: Int, _ next: NextTokens, _ values: [Float]) -> [NextTokens.Candidate] {
        values.withUnsafeBufferPointer { next.best(count, of: $0, firstTimestamp: firstTimestamp) }
    }

    private let all = NextTokens(firstText: 0, timestamps: 20..<40)
    private let textOnly = NextTokens(firstText: 0, timestamps: 20..<20)

    @Test("the likeliest that may come is taken, with its share of what may come")
    func likeliest() throws {
        let next = NextTokens(firstText: 5, timestamps: 20..<20, excluded: [7])
        let values = probabilities([3: 0.4, 7: 0.3, 9: 0.2, 12: 0.05, 30: 0.05])
        let candidate = try #require(best(1, next, values).first)
        #expect(candidate.token == 9)
        #expect(abs(candidate.logProbability - log(0.2 / 0.25)) < 1e-5)
    }

    @Test("of equals the first is taken")
    func ties() {
        #expect(best(1, all, probabilities([4: 0.3, 9: 0.3, 25: 0.3])).map(\.token) == [4])
    }

    @Test("a time comes when all times together are likelier than any word")
    func timestampSum() {
        var values = probabilities([3: 0.3])
        for token in 21..<28 { values[token] = 0.05 }
        values[24] = 0.06
        #expect(best(1, all, values).map(\.token) == [24])
        #expect(best(3, all, values).allSatisfy { $0.token >= 20 })
        // The same words against fewer times.
        #expect(best(1, NextTokens(firstText: 0, timestamps: 25..<40), values).map(\.token) == [3])
        #expect(best(2, NextTokens(firstText: 0, timestamps: 25..<40), values).map(\.token) == [3, 25])
    }

    @Test("a forbidden word does not hold times back")
    func excludedPeak() {
        var next = all
        next.excluded = [3]
        #expect(best(1, next, probabilities([3: 0.7, 5: 0.1, 22: 0.2])).map(\.token) == [22])
    }

    @Test("where only times may come, one comes, however unlikely")
    func onlyTimes() {
        let next = NextTokens(firstText: 20, timestamps: 20..<25)
        let candidates = best(2, next, probabilities([1: 0.9, 22: 0.001, 30: 0.09]))
        #expect(candidates.first?.token == 22)
        #expect(candidates.first?.logProbability == 0)
    }

    @Test("what cannot come is no candidate, however many are asked for")
    func impossible() {
        let candidates = best(5, textOnly, probabilities([2: 0.1, 11: 0.2, 30: 0.7]))
        #expect(candidates.map(\.token) == [11, 2])
    }

    @Test("numbers too small for 32 bits give finite losses")
    func underflow() {
        for value: Float in [0, .leastNonzeroMagnitude, 1e-38, 1e-20] {
            for count in [1, 5] {
                for candidate in best(count, all, probabilities([6: value, 23: value / 2])) {
                    #expect(candidate.logProbability.isFinite)
                    #expect(candidate.logProbability <= 0)
                }
            }
        }
        #expect(best(1, all, probabilities([6: 1e-30, 23: 1e-32])).map(\.token) == [6])
    }

    @Test("many are as sorting finds them", arguments: 0..<50 as Range<UInt64>)
    func manyAgainstSorting(seed: UInt64) {
        var random = SplitMix64(state: seed)
        let words = Int.random(in: 1...70, using: &random)
        let values = (0..<words + 50).map { _ in Float.random(in: 0.001...1, using: &random) }
        let next = NextTokens(
            firstText: Int.random(in: 0..<words, using: &random), timestamps: words..<words,
            excluded: Array(Set((0..<3).map { _ in Int.random(in: 0..<words, using: &random) })))
        let allowed = (next.firstText..<words).filter { !next.excluded.contains($0) }
        let sorted = allowed.sorted { values[$0] > values[$1] }
        let total = allowed.reduce(0) { $0 + values[$1] }
        values.withUnsafeBufferPointer { values in
            for count in [1, 2, 5, 100] {
                let candidates = next.best(count, of: values, firstTimestamp: words)
                #expect(candidates.map(\.token) == Array(sorted.prefix(count)))
                for candidate in candidates {
                    #expect(abs(exp(candidate.logProbability) - values[candidate.token] / total) < 1e-4)
                }
            }
        }
    }

    // MARK: Drawing

    private func draws(
        _ count: Int, _ next: NextTokens, _ values: [Float], temperature: Float, seed: UInt64 = 1
    ) -> [Int: Double] {
        var random = SplitMix64(state: seed)
        var counts: [Int: Double] = [:]
        values.withUnsafeBufferPointer { values in
            for _ in 0..<count {
                let candidate = next.sample(
                    values, temperature: temperature, firstTimestamp: firstTimestamp, using: &random)
                if let candidate { counts[candidate.token, default: 0] += 1 / Double(count) }
            }
        }
        return counts
    }

    @Test("tokens are drawn as often as they are likely", arguments: [(1.0 as Float, 1.0), (0.5, 2), (2, 0.5)])
    func frequencies(temperature: Float, power: Double) {
        let values = probabilities([2: 0.1, 5: 0.2, 11: 0.3, 13: 0.4])
        let counts = draws(20_000, textOnly, values, temperature: temperature)
        let weights = [2: 0.1, 5: 0.2, 11: 0.3, 13: 0.4].mapValues { pow($0, power) }
        let total = weights.values.reduce(0, +)
        for (token, weight) in weights { #expect(abs((counts[token] ?? 0) - weight / total) < 0.015) }
        #expect(Set(counts.keys) == Set(weights.keys))
    }

    @Test("a low temperature takes the likeliest")
    func cold() {
        let values = probabilities([2: 0.30, 5: 0.35, 11: 0.34])
        #expect(Set(draws(200, textOnly, values, temperature: 0.001).keys) == [5])
    }

    @Test("a drawn token keeps to the rules, and its loss is that without temperature")
    func drawnRules() throws {
        var next = all
        next.excluded = [2]
        next.timestamps = 25..<30
        let values = probabilities([2: 0.5, 5: 0.2, 7: 0.1, 20: 0.1, 26: 0.1])
        #expect(Set(draws(2_000, next, values, temperature: 1).keys) == [5, 7, 26])
        var random = SplitMix64(state: 3)
        let candidate = try #require(
            values.withUnsafeBufferPointer {
                next.sample($0, temperature: 0.1, firstTimestamp: firstTimestamp, using: &random)
            })
        #expect(candidate.token == 5)
        #expect(abs(candidate.logProbability - log(0.2 / 0.4)) < 1e-5)
    }

    @Test("the same seed draws the same; nothing is drawn where nothing can come")
    func seeds() {
        let values = probabilities([2: 0.1, 5: 0.2, 11: 0.3, 13: 0.4])
        #expect(
            draws(100, all, values, temperature: 1, seed: 9) == draws(100, all, values, temperature: 1, seed: 9))
        #expect(draws(100, all, probabilities([:]), temperature: 1).isEmpty)
    }
}
