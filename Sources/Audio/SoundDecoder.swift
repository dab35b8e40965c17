/// Sound as it comes out of a decoder.
struct DecodedBlock {
    /// Samples of all channels, interleaved, nominally in -1...1.
    var interleaved: [Float]
    /// Number of channels.
    var channels: Int
    /// Samples of each channel a second.
    var sampleRate: Double
    /// Where the block begins, in seconds from the beginning of what is decoded, where the container says so.
    var time: Double? = nil

    /// Number of samples of each channel.
    var frames: Int { interleaved.count / channels }
}

/// Turns bytes into samples, block by block.
protocol SoundDecoder: AnyObject {
    /// Seconds that the header promises, where it does.
    var duration: Double? { get }
    /// The next block, which has at least one frame; rate and channels may differ from the one before. `nil` at the
    /// end, or where the sound is too damaged to go on.
    ///
    /// - Throws: ``AudioError``, or `CancellationError` when the task was cancelled.
    func next() throws -> DecodedBlock?
    /// What was wrong, in one line; complete when ``next()`` has returned `nil`.
    func complaint() -> String?
    /// Whether the sound has no proper end, as when a recording broke off.
    var isUnfinished: Bool { get }
}
