/// Cuts the tokens of a window into segments at its timestamps.
package struct SegmentSplitter {
    /// Tokens of one segment and its times in the window.
    package struct Piece: Equatable {
        package var tokens: [Int]
        /// Seconds from the start of the window.
        package var start: Double
        /// Seconds from the start of the window.
        package var end: Double
    }

    /// The window's segments.
    package let pieces: [Piece]
    /// Seconds of the window that are done with; the next window starts there.
    package let consumed: Double

    /// - Parameters:
    ///   - tokens: text and timestamps of the window.
    ///   - seconds: length of the sound in the window.
    ///   - isWhole: whether the sound ends with the window and the text by itself: then nothing of it is cut off, and what
    ///     follows the last whole segment is one too.
    package init(_ tokens: [Int], tokenizer: Tokenizer, seconds: Double, isWhole: Bool = false) {
        let isTimestamp = tokens.map(tokenizer.isTimestamp)
        // An end and a start in a row: the model is sure that the segment between the cuts is whole.
        var cuts = tokens.indices.dropFirst().filter { isTimestamp[$0] && isTimestamp[$0 - 1] }
        let endsInSilence =
            isTimestamp.count >= 2 && isTimestamp[isTimestamp.count - 1] && !isTimestamp[isTimestamp.count - 2]
        guard !cuts.isEmpty else {
            let last = tokens.last(where: tokenizer.isTimestamp).map(tokenizer.seconds(of:)) ?? 0
            pieces = [Piece(tokens: tokens, start: 0, end: last > 0 ? min(last, seconds) : seconds)]
            consumed = seconds
            return
        }
        if endsInSilence || isWhole { cuts.append(tokens.count) }
        var pieces: [Piece] = []
        var begin = 0
        for cut in cuts {
            let slice = tokens[begin..<cut]
            if let first = slice.first, let last = slice.last {
                let start = tokenizer.isTimestamp(first) ? tokenizer.seconds(of: first) : 0
                let end = tokenizer.isTimestamp(last) ? tokenizer.seconds(of: last) : seconds
                pieces.append(Piece(tokens: Array(slice), start: min(start, seconds), end: min(end, seconds)))
            }
            begin = cut
        }
        self.pieces = pieces
        // What follows the last whole segment was cut off by the window's end: it is heard again.
        let lastEnd = begin > 0 && begin <= tokens.count ? tokenizer.seconds(of: tokens[begin - 1]) : seconds
        consumed = endsInSilence || isWhole || lastEnd <= 0 ? seconds : min(lastEnd, seconds)
    }
}
