/// How well a score tells positives from negatives, over all thresholds: the receiver operating characteristic.
package struct ReceiverOperatingCharacteristic: Sendable {
    private let positives: [Double]
    private let negatives: [Double]

    /// Creates the characteristic from the scores of both classes, `nil` when one is empty or a score is no number.
    package init?(positives: [Double], negatives: [Double]) {
        guard !positives.isEmpty, !negatives.isEmpty, !(positives + negatives).contains(where: \.isNaN) else {
            return nil
        }
        self.positives = positives.sorted()
        self.negatives = negatives.sorted()
    }

    /// Area under the curve, 0...1: the probability that a positive scores higher than a negative, ties counting half
    /// (Mann and Whitney's U over the number of pairs). 0.5 tells nothing.
    package var area: Double {
        var pairs = 0.0
        for positive in positives {
            let below = negatives.partitionIndex { $0 >= positive }
            let notAbove = negatives.partitionIndex { $0 > positive }
            pairs += Double(below) + Double(notAbove - below) / 2
        }
        return pairs / (Double(positives.count) * Double(negatives.count))
    }

    /// Share of the positives that score at least `threshold`.
    package func truePositiveRate(at threshold: Double) -> Double {
        Self.share(of: positives, atLeast: threshold)
    }

    /// Share of the negatives that score at least `threshold`.
    package func falsePositiveRate(at threshold: Double) -> Double {
        Self.share(of: negatives, atLeast: threshold)
    }

    private static func share(of sorted: [Double], atLeast threshold: Double) -> Double {
        1 - Double(sorted.partitionIndex { $0 >= threshold }) / Double(sorted.count)
    }
}

extension [Double] {
    /// Index of the first element that belongs to the second part of a partitioned array, found by bisection.
    fileprivate func partitionIndex(where belongsToSecond: (Double) -> Bool) -> Int {
        var range = 0..<count
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            range = belongsToSecond(self[middle]) ? range.lowerBound..<middle : middle + 1..<range.upperBound
        }
        return range.lowerBound
    }
}
