/// A part of a recording that is decoded in one go: stretches in which somebody speaks, with the pauses between them
/// shortened, so that a window of 30 s holds more speech.
///
/// It has a timeline of its own, from 0 on, in samples. Times are taken back to the recording by ``times(of:)``.
package struct HeardSection: Equatable, Sendable {
    /// A stretch of the recording that is heard without a break.
    package struct Piece: Equatable, Sendable {
        /// What is heard, in samples of the recording.
        package var sound: Range<Int>
        /// The part of it in which somebody speaks.
        package var speech: Range<Int>
        /// Where it begins on the section's timeline.
        package var start = 0

        /// Where it ends on the section's timeline.
        package var end: Int { start + sound.count }

        package init(sound: Range<Int>, speech: Range<Int>) {
            self.sound = sound
            self.speech = speech
        }
    }

    /// In order.
    package private(set) var pieces: [Piece]
    /// Samples on the section's timeline.
    package var count: Int { pieces.last?.end ?? 0 }

    package init(_ pieces: [Piece]) {
        self.pieces = pieces
        for index in pieces.indices.dropFirst() { self.pieces[index].start = self.pieces[index - 1].end }
    }

    /// All of a recording as one stretch.
    package init(whole count: Int) {
        self.init([Piece(sound: 0..<count, speech: 0..<count)])
    }

    /// The sound of a range of the section's timeline.
    package func samples(of recording: [Float], in range: Range<Int>) -> [Float] {
        var samples: [Float] = []
        samples.reserveCapacity(range.count)
        for piece in pieces {
            let part = range.clamped(to: piece.start..<piece.end)
            guard !part.isEmpty else { continue }
            let offset = piece.sound.lowerBound - piece.start
            samples += recording[part.lowerBound + offset..<part.upperBound + offset]
        }
        return samples
    }

    /// Samples of speech in a range of the section's timeline.
    package func speech(in range: Range<Int>) -> Int {
        pieces.reduce(0) { sum, piece in
            let offset = piece.start - piece.sound.lowerBound
            return sum + range.clamped(to: piece.speech.lowerBound + offset..<piece.speech.upperBound + offset).count
        }
    }

    /// When something was said that lies on the section's timeline.
    ///
    /// The decoder hears a pause that is cut, and likes to begin a word in it or let one end there. So a stretch of text
    /// belongs where its ends touch speech, and does not reach beyond that speech.
    ///
    /// - Parameter range: seconds on the section's timeline.
    /// - Returns: seconds of the recording, in order.
    package func times(of range: ClosedRange<Double>) -> ClosedRange<Double> {
        guard let first = outermost(of: range, fromStart: true),
            let last = outermost(of: range, fromStart: false)
        else { return range }
        let start = first.seconds(range.lowerBound)
        return start...max(start, last.seconds(range.upperBound))
    }

    /// The piece in which a text begins or ends: the outermost of which it covers a tenth of a second of speech, or else
    /// the one that has most of it.
    private func outermost(of range: ClosedRange<Double>, fromStart: Bool) -> Piece? {
        func overlap(_ piece: Piece) -> Double {
            min(range.upperBound, piece.spoken.upperBound) - max(range.lowerBound, piece.spoken.lowerBound)
        }
        let covered = pieces.filter { overlap($0) >= 0.1 }
        if let piece = fromStart ? covered.first : covered.last { return piece }
        return pieces.max { overlap($0) < overlap($1) }
    }
}

extension HeardSection.Piece {
    /// How far text may reach beyond the first and the last loud sound, in seconds: soft sounds are speech too.
    private static let tolerance = 0.1

    /// Seconds on the section's timeline in which somebody speaks.
    fileprivate var spoken: ClosedRange<Double> {
        let offset = start - sound.lowerBound
        return seconds(speech.lowerBound + offset)...seconds(speech.upperBound + offset)
    }

    /// A time on the section's timeline as one of the recording, moved into the speech of this piece.
    fileprivate func seconds(_ time: Double) -> Double {
        let earliest = max(spoken.lowerBound - Self.tolerance, seconds(start))
        let latest = max(earliest, min(spoken.upperBound + Self.tolerance, seconds(end)))
        return min(max(time, earliest), latest) + seconds(sound.lowerBound - start)
    }

    private func seconds(_ samples: Int) -> Double { Double(samples) / Double(Transcriber.sampleRate) }
}

extension [HeardSection] {
    /// Seconds of silence after which what was said before is forgotten.
    private static let longPause = 8.0
    /// Seconds of sound that are heard before and after speech, and the longest pause that is heard as it is. With shorter
    /// ones there are more errors (`sori bench recordings --kinds streams`): a pause is a part of what is said.
    private static let (before, after, pause) = (0.5, 0.5, 2.0)

    /// Lays sections over a recording.
    ///
    /// - Parameters:
    ///   - spoken: samples between which somebody speaks, in order and apart from each other; `nil` for all.
    ///   - count: samples of the recording.
    package init(spoken: [Range<Int>]?, in count: Int) {
        guard let spoken else {
            self = count > 0 ? [HeardSection(whole: count)] : []
            return
        }
        func samples(_ seconds: Double) -> Int { Int(seconds * Double(Transcriber.sampleRate)) }
        var sections: [[HeardSection.Piece]] = []
        for range in spoken.map({ $0.clamped(to: 0..<count) }) where !range.isEmpty {
            let last = sections.last?.last
            let heardBefore = Swift.max(range.lowerBound - samples(Self.before), last?.sound.upperBound ?? 0)
            let sound = heardBefore..<Swift.min(count, range.upperBound + samples(Self.after))
            guard let last, let speechEnd = sections.last?.last?.speech.upperBound else {
                sections.append([.init(sound: sound, speech: range)])
                continue
            }
            let gap = range.lowerBound - speechEnd
            if gap > samples(Self.longPause) {
                sections.append([.init(sound: sound, speech: range)])
            } else if gap > samples(Self.pause) {
                sections[sections.count - 1].append(.init(sound: sound, speech: range))
            } else {
                // A short pause is heard as it is; each stretch ends in its middle.
                let middle = Swift.max(speechEnd + gap / 2, last.sound.lowerBound)
                let index = sections[sections.count - 1].count - 1
                sections[sections.count - 1][index].sound = last.sound.lowerBound..<middle
                sections[sections.count - 1].append(.init(sound: middle..<sound.upperBound, speech: range))
            }
        }
        self = sections.map { HeardSection($0) }
    }
}
