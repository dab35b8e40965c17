internal import Foundation

/// Which tokens may come next, out of those that the model gives a probability.
package struct NextTokens: Equatable {
    /// Words and marks: from this token up to the first timestamp.
    package var firstText: Int
    /// Timestamps that may come.
    package var timestamps: Range<Int>
    /// Single tokens that may not come.
    package var excluded: [Int]

    /// A token and the natural logarithm of its probability among the tokens that may come.
    package struct Candidate: Equatable {
        package var token: Int
        package var logProbability: Float
    }

    /// Creates a choice from its parts.
    package init(firstText: Int, timestamps: Range<Int>, excluded: [Int] = []) {
        self.firstText = firstText
        self.timestamps = timestamps
        self.excluded = excluded
    }

    /// The likeliest tokens, the best first.
    ///
    /// When timestamps together are likelier than any other token, one of them comes, as in OpenAI's decoder.
    ///
    /// - Parameters:
    ///   - count: how many are wanted.
    ///   - probabilities: of all tokens.
    ///   - firstTimestamp: the token of 0.00 s.
    package func best(
        _ count: Int, of probabilities: UnsafeBufferPointer<Float>, firstTimestamp: Int
    ) -> [Candidate] {
        let ranges = allowedRanges(probabilities, firstTimestamp: firstTimestamp)
        let total = ranges.reduce(0) { $0 + $1.sum }
        guard count > 1 else {
            let peaks = ranges.compactMap { peak(in: $0.range, of: probabilities) }
            return peaks.max { $0.value < $1.value }.map { [candidate($0.token, $0.value, total)] } ?? []
        }
        // The worst of the best so far is the bar for all others, so that most tokens cost one comparison. What is
        // suppressed has no probability and never comes, not even last.
        var best: [(token: Int, value: Float)] = []
        var bar: Float = 0
        for (range, _) in ranges {
            for token in range where probabilities[token] > bar {
                guard !excluded.contains(token) else { continue }
                let value = probabilities[token]
                let place = best.firstIndex { $0.value < value } ?? best.count
                best.insert((token, value), at: place)
                if best.count > count { best.removeLast() }
                if best.count == count { bar = best[count - 1].value }
            }
        }
        return best.map { candidate($0.token, $0.value, total) }
    }

    /// A token drawn with probabilities p^(1/temperature).
    package func sample<Generator: RandomNumberGenerator>(
        _ probabilities: UnsafeBufferPointer<Float>, temperature: Float, firstTimestamp: Int,
        using generator: inout Generator
    ) -> Candidate? {
        let ranges = allowedRanges(probabilities, firstTimestamp: firstTimestamp)
        let total = ranges.reduce(0) { $0 + $1.sum }
        let peaks = ranges.compactMap { peak(in: $0.range, of: probabilities) }
        guard let highest = peaks.map(\.value).max(), highest > 0 else { return nil }
        var weights: [(token: Int, weight: Float)] = []
        var sum: Float = 0
        for (range, _) in ranges {
            for token in range where probabilities[token] > highest * 1e-9 && !excluded.contains(token) {
                let weight = pow(probabilities[token] / highest, 1 / temperature)
                sum += weight
                weights.append((token, weight))
            }
        }
        var rest = Float.random(in: 0..<1, using: &generator) * sum
        for (token, weight) in weights {
            rest -= weight
            if rest < 0 { return candidate(token, probabilities[token], total) }
        }
        return weights.last.map { candidate($0.token, probabilities[$0.token], total) }
    }

    private func candidate(_ token: Int, _ value: Float, _ total: Float) -> Candidate {
        // A probability that is too small for 32 bits must not become an infinite loss.
        Candidate(token: token, logProbability: log(max(value, 1e-37)) - log(max(total, 1e-37)))
    }

    private func allowedRanges(
        _ probabilities: UnsafeBufferPointer<Float>, firstTimestamp: Int
    ) -> [(range: Range<Int>, sum: Float)] {
        let text = firstText..<max(firstText, firstTimestamp)
        let timestampSum = probabilities.sum(timestamps)
        if !timestamps.isEmpty {
            let textPeak = peak(in: text, of: probabilities)?.value ?? 0
            if timestampSum > textPeak || text.isEmpty { return [(timestamps, timestampSum)] }
        }
        let textSum = probabilities.sum(text) - excluded.lazy.filter(text.contains).reduce(0) { $0 + probabilities[$1] }
        return timestamps.isEmpty ? [(text, textSum)] : [(text, textSum), (timestamps, timestampSum)]
    }

    private func peak(
        in range: Range<Int>, of probabilities: UnsafeBufferPointer<Float>
    ) -> (token: Int, value: Float)? {
        guard !range.isEmpty else { return nil }
        let token = probabilities.indexOfMaximum(range)
        guard excluded.contains(token) else { return (token, probabilities[token]) }
        return range.lazy.filter { !excluded.contains($0) }.max { probabilities[$0] < probabilities[$1] }
            .map { ($0, probabilities[$0]) }
    }
}

extension UnsafeBufferPointer<Float> {
    /// Sum of a range.
    func sum(_ range: Range<Int>) -> Float {
        guard let base = baseAddress else { return 0 }
        var lanes = SIMD16<Float>.zero
        var index = range.lowerBound
        while index + 16 <= range.upperBound {
            lanes += UnsafeRawPointer(base + index).loadUnaligned(as: SIMD16<Float>.self)
            index += 16
        }
        var sum = lanes.sum()
        while index < range.upperBound {
            sum += base[index]
            index += 1
        }
        return sum
    }

    /// Index of the largest value of a range that is not empty; the first of equals.
    func indexOfMaximum(_ range: Range<Int>) -> Int {
        guard let base = baseAddress else { return range.lowerBound }
        var best = range.lowerBound
        var index = range.lowerBound
        // 16 values at a time are compared with the best so far; only a block that beats it is looked at closely.
        while index + 16 <= range.upperBound {
            let block = UnsafeRawPointer(base + index).loadUnaligned(as: SIMD16<Float>.self)
            if block.max() > base[best] {
                for place in index..<index + 16 where base[place] > base[best] { best = place }
            }
            index += 16
        }
        while index < range.upperBound {
            if base[index] > base[best] { best = index }
            index += 1
        }
        return best
    }
}
