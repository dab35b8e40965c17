import Testing
import Whisper
import WhisperText

/// Noticing that a text goes in circles.
@Suite("Repetition")
struct RepetitionTests {
    private func excess(_ tokens: [Int]) -> Int { RepetitionGuard.excess(of: tokens) }

    private func loop(_ run: Int, times: Int) -> [Int] {
        (0..<times).flatMap { _ in Array(100..<100 + run) }
    }

    @Test("a text that goes on has no excess")
    func ordinary() {
        #expect(excess([]) == 0)
        #expect(excess(Array(0..<200)) == 0)
        #expect(excess([1, 2, 3, 1, 2, 4, 1, 2, 3, 1, 2, 4, 5]) == 0)
    }

    @Test("laughter is no loop, but a token a dozen times is")
    func single() {
        #expect(excess([1, 2] + loop(1, times: 11)) == 0)
        #expect(excess([1, 2] + loop(1, times: 12)) == 11)
    }

    @Test("runs of any length up to twelve are noticed", arguments: 2...12)
    func runs(length: Int) {
        let limit = length == 2 ? 8 : 5
        for before in [[], [7], [7, 8, 9]] {
            #expect(excess(before + loop(length, times: limit).dropLast()) == 0)
            #expect(excess(before + loop(length, times: limit)) == (limit - 1) * length)
        }
    }

    @Test("short runs may come as often as they can be said in the sound; sentences may not")
    func room() {
        #expect(RepetitionGuard.excess(of: loop(1, times: 49), seconds: 10) == 0)
        #expect(RepetitionGuard.excess(of: loop(1, times: 50), seconds: 10) == 49)
        #expect(RepetitionGuard.excess(of: loop(2, times: 39), seconds: 10) == 0)
        #expect(RepetitionGuard.excess(of: loop(3, times: 30), seconds: 10) == 87)
        #expect(RepetitionGuard.excess(of: loop(4, times: 5), seconds: 10) == 16)
        #expect(RepetitionGuard.excess(of: loop(1, times: 12), seconds: 0.5) == 11)
    }

    @Test("a loop that is broken off is none any more")
    func broken() {
        #expect(excess(loop(3, times: 6) + [1]) == 0)
    }

    @Test("once is kept", arguments: 1...12)
    func kept(length: Int) {
        let tokens = [1, 2, 3] + loop(length, times: 12)
        let rest = Array(tokens.dropLast(excess(tokens)))
        #expect(rest.count < tokens.count)
        #expect(rest.starts(with: [1, 2, 3] + loop(length, times: 1)))
    }

    /// Values of Python's `len(text) / len(zlib.compress(text))`, as OpenAI computes it.
    @Test(
        "text that repeats itself compresses well",
        arguments: [
            ("", 0), ("a", 0.1111), ("It was the best of times, it was the worst of times.", 1.2093),
            ("안녕하세요. 오늘은 날씨가 좋네요.", 0.8393),
            ("네 네 네 네 네 네 네 네 네 네 네 네 네 네 네 네", 4.2),
        ])
    func compression(text: String, ratio: Float) {
        #expect(abs(TextCompression.ratio(of: text) - ratio) < 0.0001)
    }
}

@Suite("Sparse text")
struct SparseTextTests {
    private let english = "The absence of the detailed reference is therefore perfectly natural."
    private let korean = "일본 정부로부터의 백조 원을 넘는 예산 요구"

    @Test("is far too short for its sound, in any script")
    func sparse() {
        #expect(SparseText.isSparse(english, seconds: 17) && !SparseText.isSparse(english, seconds: 8))
        #expect(SparseText.isSparse(korean, seconds: 12) && !SparseText.isSparse(korean, seconds: 7))
        #expect(!SparseText.isSparse("Well.", seconds: 4))
    }

    @Test(
        "is measured in letters and digits, those that are syllables twice",
        arguments: [("a b, c!", 3), ("7시 ok", 5), ("", 0), ("東京", 4)])
    func letters(text: String, count: Int) {
        #expect(SparseText.letters(of: text) == count)
    }
}
