import Testing
import WhisperText

/// Cutting a window into segments, and finding where the next window starts.
@Suite("Segments")
struct SegmentSplitterTests {
    private static let tokenizer = TokenFixtures.toyTokenizer()

    private func split(_ tokens: [Int], seconds: Double = 30) -> SegmentSplitter {
        SegmentSplitter(tokens, tokenizer: Self.tokenizer, seconds: seconds)
    }

    private func time(_ seconds: Double) -> Int { Self.tokenizer.timestamp(atSeconds: seconds) }

    private func expect(
        _ split: SegmentSplitter, _ pieces: [(tokens: [Int], start: Double, end: Double)],
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(split.pieces.map(\.tokens) == pieces.map(\.tokens), sourceLocation: sourceLocation)
        #expect(split.pieces.map(\.start) == pieces.map(\.start), sourceLocation: sourceLocation)
        #expect(split.pieces.map(\.end) == pieces.map(\.end), sourceLocation: sourceLocation)
    }

    @Test("text without times fills the window")
    func untimed() {
        let split = split([65, 66], seconds: 12.5)
        expect(split, [([65, 66], 0, 12.5)])
        #expect(split.consumed == 12.5)
    }

    @Test("one segment that ends in silence uses up the window")
    func single() {
        let tokens = [time(0), 65, 66, time(2)]
        expect(split(tokens), [(tokens, 0, 2)])
        #expect(split(tokens).consumed == 30)
    }

    @Test("several segments that end in silence use up the window")
    func several() {
        let tokens = [time(0.5), 65, time(2), time(2.4), 66, time(3)]
        let split = split(tokens, seconds: 20)
        expect(split, [(Array(tokens[..<3]), 0.5, 2), (Array(tokens[3...]), 2.4, 3)])
        #expect(split.consumed == 20)
    }

    @Test("a segment that the window's end cuts off is heard again")
    func cutOff() {
        let tokens = [time(0), 65, time(2), time(2.4), 66]
        expect(split(tokens), [(Array(tokens[..<3]), 0, 2)])
        #expect(split(tokens).consumed == 2)
        let bare = [time(0), 65, time(2), time(2.4)]
        expect(split(bare), [(Array(bare[..<3]), 0, 2)])
        #expect(split(bare).consumed == 2)
    }

    @Test("no segment ends after the sound")
    func clipped() {
        let tokens = [time(0), 65, time(2), time(2), 66, time(9)]
        let split = split(tokens, seconds: 5)
        #expect(split.pieces.map(\.end) == [2, 5])
        #expect(split.consumed == 5)
    }

    @Test("a window without text is used up")
    func empty() {
        #expect(split([], seconds: 7).consumed == 7)
        #expect(split([], seconds: 7).pieces.flatMap(\.tokens) == [])
        #expect(split([time(0)], seconds: 7).consumed == 7)
    }

    @Test("whatever was written, it moves on and loses nothing", arguments: 0..<60 as Range<UInt64>)
    func anyText(seed: UInt64) {
        let tokens = TokenWalk(tokenizer: Self.tokenizer, seed: seed).tokens
        let seconds = [30, 12.34, 1][Int(seed % 3)]
        let split = split(tokens, seconds: seconds)
        #expect(split.consumed > 0 && split.consumed <= seconds)
        let used = split.pieces.flatMap(\.tokens)
        #expect(used == Array(tokens.prefix(used.count)))
        if used.count < tokens.count { #expect(split.consumed == split.pieces.last?.end) }
        for piece in split.pieces { #expect(piece.start <= piece.end && piece.end <= seconds) }
        for (piece, next) in zip(split.pieces, split.pieces.dropFirst()) { #expect(piece.end <= next.start) }
    }
}
