/// Where sound belongs that comes with time stamps: holes between blocks become silence, so that a position in the
/// samples is what a player shows.
///
/// Blocks that come early are not cut: no sound is thrown away, and a later hole makes up for it.
struct Timeline {
    /// Seconds of silence that time stamps have asked for and that were not given.
    private(set) var cut = 0.0
    private var filled = 0.0

    /// Holes that are no more than rounding: containers count in milliseconds, encoders in blocks of 20 ms and more.
    static let tolerance = 0.05
    /// The longest hole, and all of them together, in seconds, that are filled. A damaged time stamp may ask for years.
    static let (longestHole, longestSilence) = (3_600.0, 4 * 3_600.0)

    /// Seconds of silence before a block.
    ///
    /// - Parameters:
    ///   - time: where the block begins, as the container says.
    ///   - position: where the sound before it ends.
    mutating func silence(before time: Double, at position: Double) -> Double {
        let hole = time - cut - position
        guard hole > Self.tolerance else { return 0 }
        let silence = max(min(hole, Self.longestHole, Self.longestSilence - filled), 0)
        cut += hole - silence
        filled += silence
        return silence
    }

    /// What to tell about holes that were too long.
    var warning: AudioWarning? {
        cut > 0 ? .longGap(seconds: cut + filled, kept: filled) : nil
    }
}
