extension SpeechClip {
    /// Seconds without speech at the start of a recording with pauses, and between its clips, in turn.
    private static let pauses = [26.0, 2, 12, 40, 5, 20]
    /// Loudness of the room in the pauses: -66 dB of full scale, for many that is silence.
    private static let roomTone: Float = 0.0005

    /// Recordings that are made of clips of one language with long pauses before and between them.
    ///
    /// - Parameter count: clips in each.
    package static func withPauses(_ clips: [SpeechClip], clipsInEach count: Int = 5) -> [SpeechClip] {
        stride(from: 0, to: clips.count, by: count).map { first in
            var noise = RoomTone(amplitude: roomTone)
            let parts = clips[first..<min(clips.count, first + count)]
            var samples: [Float] = []
            for (index, clip) in parts.enumerated() {
                samples += noise.samples(Int(pauses[index % pauses.count] * rate))
                samples += clip.samples
            }
            samples += noise.samples(Int(15 * rate))
            return SpeechClip(
                path: parts.map(\.path).joined(separator: " + "), language: clips[first].language,
                texts: [parts.compactMap(\.texts.first).joined(separator: " ")], split: "pauses", samples: samples)
        }
    }
}

/// Noise that is the same each time.
private struct RoomTone {
    let amplitude: Float
    private var state: UInt64 = 1

    init(amplitude: Float) { self.amplitude = amplitude }

    mutating func samples(_ count: Int) -> [Float] {
        (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return amplitude * (Float(state >> 40) / Float(1 << 23) - 1)
        }
    }
}
