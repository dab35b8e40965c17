import Testing
import Whisper

@Suite("A guess at a text")
struct DraftTests {
    private static let guess = Array(10..<40)

    private func next(after written: [Int], of guess: [Int] = guess) -> [Int] {
        var draft = Draft(guess, firstTimestamp: 1000)
        for token in written { draft.follow(token) }
        return Array(draft.next)
    }

    @Test("a few tokens are guessed at once, from the first on")
    func start() {
        #expect(next(after: []) == Array(10..<10 + Draft.most))
        #expect(next(after: [], of: [10, 11]) == [10, 11])
        #expect(Draft([]).next.isEmpty)
    }

    @Test("a guess that comes true goes on, to its end")
    func right() {
        for count in 0...30 {
            #expect(next(after: Array(10..<10 + count)) == Array((10 + count..<40).prefix(Draft.most)))
        }
        #expect(next(after: Array(10..<40) + [5, 6, 7]).isEmpty)
    }

    @Test("after wrong guesses fewer are made, until they come true again")
    func fewer() {
        #expect(next(after: [5]).count == Draft.most / 2)
        #expect(next(after: [5, 6, 7, 8]).count == 1)
        #expect(next(after: [5, 6, 7, 8, 14, 15]).count == 3)
        #expect(next(after: [5] + Array(11..<20)).count == Draft.most)
    }

    @Test("times stand between words")
    func timestamps() {
        #expect(next(after: [1000]).first == 10)
        #expect(next(after: [1000, 10, 11, 1007]).first == 12)
        #expect(next(after: [1000, 10, 11, 1007, 1008, 12]).first == 13)
    }

    @Test("after a token in place of another the guess goes on")
    func substitution() {
        #expect(next(after: [10, 11, 5]).first == 13)
        #expect(next(after: [10, 11, 5, 6, 14]).first == 15)
    }

    @Test("after tokens that were not guessed the guess is found again")
    func insertion() {
        #expect(next(after: [10, 5, 6, 7, 11]).first == 12)
    }

    @Test("after tokens that were left out the guess is found again, if not at once")
    func deletion() {
        #expect(next(after: [10, 14, 15]).first == 16)
        #expect(next(after: [13, 14]).first == 15)
    }

    @Test("a token that stands elsewhere too does not lead astray")
    func elsewhere() {
        let guess = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
        #expect(next(after: [20, 8, 21, 1], of: guess).first == 2)
    }

    @Test("of equal tokens the nearest counts")
    func repetition() {
        let guess = [1, 2, 9, 3, 4, 9, 5, 6, 9, 7]
        #expect(next(after: [1, 2, 9], of: guess).first == 3)
        #expect(next(after: [1, 2, 3, 4, 9], of: guess).first == 5)
    }
}
