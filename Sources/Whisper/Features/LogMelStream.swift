/// Log-mel frames of a window that grows at its end and is trimmed at its start: each frame is computed once.
package struct LogMelStream {
    private let mel: LogMel
    /// Finished frames, bands fastest.
    private var frames: [Float] = []
    /// Samples from the start of the next frame on.
    private var pending: [Float] = []
    private var isStarted = false
    /// Number of the first frame that is kept, counted from the start of the stream; 10 ms each.
    package private(set) var firstFrame = 0

    package init(_ mel: LogMel) {
        self.mel = mel
    }

    /// Frames that later sound cannot change.
    package var finishedFrames: Int {
        frames.count / mel.bands
    }

    /// Takes more sound at 16 kHz.
    package mutating func append(_ samples: [Float]) throws {
        pending += samples
        if !isStarted {
            // The signal is mirrored at its start, as in a clip.
            guard pending.count > LogMel.reach else { return }
            pending.insert(contentsOf: LogMel.mirrored(pending), at: 0)
            isStarted = true
        }
        let complete = (pending.count - LogMel.frameLength) / LogMel.hop + 1
        guard pending.count >= LogMel.frameLength, complete > 0 else { return }
        frames += try pending.withUnsafeBufferPointer { try mel.frames(of: $0, count: complete) }
        pending.removeFirst(complete * LogMel.hop)
    }

    /// Forgets the oldest frames.
    package mutating func discard(frames count: Int) {
        let count = min(count, finishedFrames)
        frames.removeFirst(count * mel.bands)
        firstFrame += count
    }

    /// The window of everything that is kept, as if silence followed.
    ///
    /// - Parameter positions: positions of the window, 20 ms each, at most 1500.
    package func window(positions: Int) throws -> MelWindow {
        let tail = isStarted ? pending : LogMel.mirrored(pending) + pending
        let missing = max(0, 2 * positions - finishedFrames)
        let open = min(missing, tail.isEmpty ? 0 : (tail.count - 1) / LogMel.hop + 1)
        let rest = try tail.withUnsafeBufferPointer { try mel.frames(of: $0, count: open) }
        return MelWindow(frames: frames + rest, bands: mel.bands, positions: positions)
    }
}
