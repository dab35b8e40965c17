/// Recordings one after the other, with silence between them and at the end.
package struct SpeechRow: Sendable {
    /// Seconds between two recordings: their utterances do not run into each other.
    private static let pause = 2.0

    package private(set) var clips: [SpeechClip] = []
    /// Seconds from the start of the row to each of them.
    package private(set) var starts: [Double] = []
    /// All of it, as one recording.
    package private(set) var sound: SpeechClip

    /// - Parameters:
    ///   - clips: of one language; what does not fit is left out, up to the end of a sentence.
    ///   - seconds: length of the row.
    package init(_ clips: [SpeechClip], seconds: Double) {
        sound = SpeechClip(path: "row", language: clips.first?.language ?? "none", texts: [], split: "", samples: [])
        for clip in clips {
            let room = seconds - sound.seconds - Self.pause
            guard let part = clip.parts(ofAtMost: room).first, part.seconds <= room else { continue }
            self.clips.append(part)
            starts.append(sound.seconds)
            sound.samples += part.samples + Self.silence(Self.pause)
        }
        sound.samples += Self.silence(max(0, seconds - sound.seconds))
    }

    private static func silence(_ seconds: Double) -> [Float] {
        Array(repeating: 0, count: Int((seconds * SpeechClip.rate).rounded()))
    }
}
