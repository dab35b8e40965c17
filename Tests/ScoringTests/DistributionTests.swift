import Scoring
import Testing

@Suite("Receiver operating characteristic")
struct ReceiverOperatingCharacteristicTests {
    @Test(
        "area under the curve",
        arguments: [
            ([0.9, 0.8, 0.7], [0.3, 0.2, 0.1], 1.0),
            ([0.1, 0.2], [0.8, 0.9], 0.0),
            ([0.5, 0.5], [0.5, 0.5], 0.5),
            // 3 > 2, 1; 1 < 2, 1 = 1: (1 + 1 + 0 + 0.5) of 4 pairs
            ([3, 1], [2, 1], 0.625),
            // the example of scikit-learn's documentation: 0.75
            ([0.35, 0.8], [0.1, 0.4], 0.75),
        ])
    func area(positives: [Double], negatives: [Double], expected: Double) throws {
        let curve = try #require(ReceiverOperatingCharacteristic(positives: positives, negatives: negatives))
        #expect(curve.area == expected)
    }

    @Test("rates at a threshold count scores that reach it")
    func rates() throws {
        let curve = try #require(
            ReceiverOperatingCharacteristic(positives: [0.9, 0.6, 0.4, 0.2], negatives: [0.6, 0.1]))
        #expect(curve.truePositiveRate(at: 0.6) == 0.5)
        #expect(curve.falsePositiveRate(at: 0.6) == 0.5)
        #expect(curve.truePositiveRate(at: 0) == 1)
        #expect(curve.falsePositiveRate(at: 1) == 0)
    }

    @Test("needs both classes and real numbers")
    func impossible() {
        #expect(ReceiverOperatingCharacteristic(positives: [], negatives: [1]) == nil)
        #expect(ReceiverOperatingCharacteristic(positives: [1], negatives: []) == nil)
        #expect(ReceiverOperatingCharacteristic(positives: [.nan], negatives: [1]) == nil)
    }
}

@Suite("Percentiles")
struct PercentilesTests {
    @Test("of a hundred and one numbers")
    func hundred() throws {
        let percentiles = try #require(Percentiles((0...100).reversed().map(Double.init)))
        #expect(percentiles.count == 101)
        #expect(percentiles.median == 50)
        #expect(percentiles.p90 == 90)
        #expect(percentiles.p95 == 95)
        #expect(percentiles.p99 == 99)
        #expect(percentiles.minimum == 0)
        #expect(percentiles.maximum == 100)
        #expect(percentiles.mean == 50)
    }

    @Test("interpolate between neighbours as NumPy does")
    func interpolation() throws {
        let percentiles = try #require(Percentiles([4, 1, 3, 2]))
        #expect(percentiles.median == 2.5)
        #expect(abs(percentiles.p90 - 3.7) < 1e-12)
        #expect(percentiles.value(at: 0) == 1)
        #expect(percentiles.value(at: 1) == 4)
    }

    @Test("of one number, and of none")
    func small() throws {
        #expect(try #require(Percentiles([7])).p99 == 7)
        #expect(Percentiles([]) == nil)
        #expect(Percentiles([1, .nan]) == nil)
    }
}
