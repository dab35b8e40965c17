package import SoriProtocol
import WhisperText

/// A transcript that grows: what to append to a file, so that the file is whole after each piece.
package struct LiveTranscript: Sendable {
    /// How it is written.
    package enum Format: String, Sendable, CaseIterable {
        /// An utterance a line.
        case text
        /// SubRip subtitles.
        case srt
        /// WebVTT subtitles.
        case vtt
    }

    private let format: Format
    private var count = 0

    /// Creates a transcript of nothing.
    package init(format: Format) {
        self.format = format
    }

    /// What a file begins with before anything is said.
    package var opening: String {
        format == .vtt ? Self.vttOpening : ""
    }

    /// What to append for an utterance; empty if nothing was said.
    package mutating func append(_ final: ServerMessage.Final) -> String {
        guard format != .text else {
            return render([Segment(start: final.start, end: final.end, text: final.text)], as: .text)
        }
        return LiveCues.cues(of: final).map { subtitle($0) }.joined()
    }

    /// What to append for sound without captions: readers of subtitles see that something is missing.
    package mutating func appendGap(from start: Double, to end: Double) -> String {
        let note = "[…]"
        return format == .text ? note + "\n" : subtitle(Segment(start: start, end: end, text: note))
    }

    private static let vttOpening = "WEBVTT\n\n"

    private mutating func subtitle(_ cue: Segment) -> String {
        let isVTT = format == .vtt
        let file = render([cue], as: isVTT ? .vtt : .srt)
        guard !file.isEmpty else { return "" }
        count += 1
        // Each is rendered as a file with one subtitle: without its opening, or its number, which is 1, it follows others.
        return isVTT ? String(file.dropFirst(Self.vttOpening.count)) : "\(count)" + file.dropFirst()
    }

    private func render(_ segments: [Segment], as format: TranscriptFormat) -> String {
        // Only JSON can fail.
        (try? format.render(
            Transcript(text: "", language: "", duration: 0, segments: segments), keepsLines: true)) ?? ""
    }
}
