/// What a live window leaves for the next one of its stream, which has the same sound and some more: the encoder's keys and
/// values of its positions, and those that the decoder looks at.
///
/// A position is computed from the sound around it, above all from what comes up to 1.5 s later. So the newest
/// ``GrowingWindow/freshPositions`` are computed again with every window, and all older ones stay as they are. That is no
/// longer what the whole window would give, but so close that captions are as right (`docs/architecture.md`).
package struct GrowingWindow: Sendable, Equatable {
    /// Positions, 20 ms each, before the end of the sound that are computed again.
    package static let freshPositions = 75
    /// With fewer kept positions than this a window is computed as a whole: there is not much to save.
    package static let fewestKept = 64
    /// How much louder, in powers of ten, the loudest value may get before all is computed again: features are cut off
    /// below it.
    package static let louder: Float = 0.3

    /// Positions with sound.
    package internal(set) var positions: Int
    /// The loudest value of the log-mel frames.
    var loudest: Float
    var encoder: KeptRows
    var cross: KeptRows

    /// - Parameters:
    ///   - positions: positions with sound, each with a row in `encoder` and in `cross`.
    ///   - loudest: the loudest value of the log-mel frames.
    package init(positions: Int, loudest: Float, encoder: KeptRows, cross: KeptRows) {
        (self.positions, self.loudest, self.encoder, self.cross) = (positions, loudest, encoder, cross)
    }

    /// Bytes in memory.
    package var bytes: Int { encoder.bytes + cross.bytes }

    /// Positions of a longer window that need not be computed again; 0 for none.
    package func kept(for sounding: Int) -> Int {
        let kept = (min(positions, sounding) - Self.freshPositions) / 16 * 16
        return kept >= Self.fewestKept ? kept : 0
    }
}
