/// Log-mel frames as the encoder takes them: normalised, with a silent margin after the sound.
package struct MelWindow: Sendable {
    /// Positions of 20 ms (two frames) that the window has, margin included.
    package let positions: Int
    /// Mel bands in a frame.
    package let bands: Int
    /// The loudest value of the frames, and of the sound before them: what is far below it is cut off.
    package let loudest: Float
    /// Frames with one empty frame at either end [bands, 2 · positions + 2], bands fastest.
    private let padded: [Float]

    /// Normalises frames as Whisper does: everything below a ten-thousandth of the loudest amplitude is cut off, then
    /// x ↦ (x + 4) / 4.
    ///
    /// - Parameters:
    ///   - frames: base-10 logarithms of energy [bands, n], bands fastest.
    ///   - bands: mel bands in a frame.
    ///   - positions: positions of the window; frames beyond are left out, missing ones are silence.
    ///   - before: the loudest value of the sound before the frames, where they continue it.
    package init(
        frames: some RandomAccessCollection<Float>, bands: Int, positions: Int, loudest before: Float = LogMel.silence
    ) {
        self.positions = positions
        self.bands = bands
        let used = min(frames.count, 2 * positions * bands)
        var padded = [Float](repeating: 0, count: (2 * positions + 2) * bands)
        var loudest = before
        padded.withUnsafeMutableBufferPointer { values in
            for (index, value) in zip(bands..<bands + used, frames) {
                values[index] = value
                loudest = max(loudest, value)
            }
            let floor = max(LogMel.silence, loudest - 8)
            for index in bands..<bands + used {
                values[index] = (max(values[index], floor) + 4) / 4
            }
            let silence = (floor + 4) / 4
            for index in bands + used..<values.count - bands {
                values[index] = silence
            }
        }
        self.padded = padded
        self.loudest = loudest
    }

    /// A window whose values are normalised already [bands, frames], bands fastest; an odd last frame is left out.
    package init(normalised: [Float], bands: Int) {
        self.bands = bands
        positions = normalised.count / bands / 2
        let edge = [Float](repeating: 0, count: bands)
        padded = edge + normalised.prefix(2 * positions * bands) + edge
        loudest = LogMel.silence
    }

    /// The normalised frames [bands, 2 · positions].
    package var values: ArraySlice<Float> {
        padded[bands..<padded.count - bands]
    }

    /// - Parameter isContinued: leaves out the empty frame at the start: what is before the first frames is known.
    func withPaddedValues(isContinued: Bool = false, _ body: (UnsafeBufferPointer<Float>) -> Void) {
        padded.withUnsafeBufferPointer { values in
            body(UnsafeBufferPointer(rebasing: values[(isContinued ? bands : 0)...]))
        }
    }
}

extension LogMel {
    /// A window of a recording.
    ///
    /// - Parameters:
    ///   - samples: sound at 16 kHz; the signal is mirrored at its start and silent after its end.
    ///   - start: first sample of the window.
    ///   - seconds: how much sound the window has at most; all that there is by default.
    ///   - positions: positions of the window, 20 ms each; sound beyond is left out.
    ///   - loudest: the loudest value of the sound before `start`, where the window continues it.
    package func window(
        of samples: [Float], from start: Int = 0, seconds: Double = .infinity, positions: Int,
        loudest: Float = LogMel.silence
    ) throws -> MelWindow {
        let room = min(Double(2 * positions * Self.hop), seconds * 16_000)
        let end = min(samples.count, start + Int(room))
        let count = max(0, end - start)
        let sounding = count == 0 ? 0 : min(2 * positions, (count + Self.reach - 1) / Self.hop + 1)
        // The first frame is centred on the first sample: it reaches back into what was before.
        let before = start < Self.reach ? Self.mirrored(samples, at: start) : []
        // The last frames reach beyond the end, if the recording goes on there.
        let beyond = min(samples.count, end + Self.reach)
        let sound = samples[max(0, start - (before.isEmpty ? Self.reach : 0))..<max(start, beyond)]
        let frames = try (before + sound).withUnsafeBufferPointer { try self.frames(of: $0, count: sounding) }
        return MelWindow(frames: frames, bands: bands, positions: positions, loudest: loudest)
    }

    /// The samples before one near the start, as if the sound ran backwards there; 0 where it is too short for that.
    static func mirrored(_ samples: [Float], at start: Int = 0) -> [Float] {
        (start - reach..<start).map { abs($0) < samples.count ? samples[abs($0)] : 0 }
    }
}
