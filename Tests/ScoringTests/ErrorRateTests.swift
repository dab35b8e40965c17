import Foundation
import Scoring
import SeededRandom
import Testing

@Suite("Error rate")
struct ErrorRateTests {
    @Test("counts each kind of word error")
    func words() {
        let rate = ErrorRate.words(
            reference: "It was the best of times.", hypothesis: "it is the best times, you know", language: "en")
        // was → is, "of" missing, "you know" added
        #expect(rate == ErrorRate(substitutions: 1, deletions: 1, insertions: 2, referenceCount: 6))
        #expect(rate.errors == 4)
        #expect(abs(rate.rate - 4.0 / 6.0) < 1e-12)
    }

    @Test("ignores spelling that is not spoken")
    func normalized() {
        let rate = ErrorRate.words(
            reference: "I WON'T go, Mr. Wu!", hypothesis: "i will not go mister wu", language: "en")
        #expect(rate.errors == 0)
        #expect(rate.referenceCount == 6)
    }

    @Test("counts characters without white space")
    func characters() {
        // 안녕하세요여러분 / 안녕하새요여러: one substitution, one deletion in eight syllables
        let rate = ErrorRate.characters(reference: "안녕하세요 여러분", hypothesis: "안녕 하새요, 여러", language: "ko")
        #expect(rate == ErrorRate(substitutions: 1, deletions: 1, insertions: 0, referenceCount: 8))
        #expect(rate.rate == 0.25)
    }

    @Test("knows the textbook's distances")
    func textbook() {
        #expect(ErrorRate(reference: Array("kitten"), hypothesis: Array("sitting")).errors == 3)
        #expect(ErrorRate(reference: Array("saturday"), hypothesis: Array("sunday")).errors == 3)
        #expect(ErrorRate(reference: Array("intention"), hypothesis: Array("execution")).errors == 5)
    }

    @Test("empty sides")
    func empty() {
        #expect(ErrorRate.words(reference: "", hypothesis: "", language: "en").rate == 0)
        #expect(ErrorRate.words(reference: "", hypothesis: "two words", language: "en").rate == 2)
        #expect(ErrorRate.words(reference: "two words", hypothesis: "", language: "en").rate == 1)
    }

    @Test("adds up to the rate of a corpus, which is not the mean of the rates")
    func corpus() {
        let rates = [
            ErrorRate.words(reference: "one", hypothesis: "two", language: "en"),
            ErrorRate.words(reference: "one two three four", hypothesis: "one two three four", language: "en"),
        ]
        var total = ErrorRate.zero
        for rate in rates { total += rate }
        #expect(total == rates.reduce(.zero, +))
        #expect(total.rate == 0.2)
    }

    @Test("round-trips as JSON")
    func json() throws {
        let rate = ErrorRate(substitutions: 1, deletions: 2, insertions: 3, referenceCount: 10)
        #expect(try JSONDecoder().decode(ErrorRate.self, from: JSONEncoder().encode(rate)) == rate)
    }
}

@Suite("Alignment")
struct AlignmentTests {
    @Test("pairs what corresponds")
    func steps() {
        let alignment = Alignment(reference: ["a", "b", "c", "d"], hypothesis: ["a", "x", "d", "e"])
        // a = a, b missing, c → x, d = d, e added
        #expect(alignment.steps.map(\.edit) == [.match, .deletion, .substitution, .match, .insertion])
        #expect(alignment.steps.map(\.reference) == [0, 1, 2, 3, nil])
        #expect(alignment.steps.map(\.hypothesis) == [0, nil, 1, 2, 3])
        #expect(alignment.errorRate == ErrorRate(substitutions: 1, deletions: 1, insertions: 1, referenceCount: 4))
    }

    @Test("has the rate's counts and leads from one sequence to the other", arguments: 0..<200 as Range<UInt64>)
    func agreesWithRate(seed: UInt64) {
        var generator = SplitMix64(state: seed)
        func sequence() -> [Int] {
            (0..<Int.random(in: 0...12, using: &generator)).map { _ in Int.random(in: 0...3, using: &generator) }
        }
        let (reference, hypothesis) = (sequence(), sequence())
        let alignment = Alignment(reference: reference, hypothesis: hypothesis)
        #expect(alignment.errorRate == ErrorRate(reference: reference, hypothesis: hypothesis))
        #expect(alignment.steps.compactMap(\.reference) == Array(reference.indices))
        #expect(alignment.steps.compactMap(\.hypothesis) == Array(hypothesis.indices))
        for step in alignment.steps {
            guard let left = step.reference, let right = step.hypothesis else { continue }
            #expect((reference[left] == hypothesis[right]) == (step.edit == .match))
        }
        #expect(alignment.errorRate.errors == distance(reference[...], hypothesis[...]))
    }

    /// The edit distance by its definition, with the recursion remembered.
    private func distance(_ left: ArraySlice<Int>, _ right: ArraySlice<Int>) -> Int {
        var known: [[Int]: Int] = [:]
        func solve(_ i: Int, _ j: Int) -> Int {
            if i == left.endIndex { return right.endIndex - j }
            if j == right.endIndex { return left.endIndex - i }
            if let answer = known[[i, j]] { return answer }
            let answer = min(
                solve(i + 1, j + 1) + (left[i] == right[j] ? 0 : 1), solve(i + 1, j) + 1, solve(i, j + 1) + 1)
            known[[i, j]] = answer
            return answer
        }
        return solve(left.startIndex, right.startIndex)
    }
}
