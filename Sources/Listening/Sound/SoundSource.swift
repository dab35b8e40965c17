package import SoriProtocol

/// Where sound comes from: whole samples, block after block.
package protocol SoundSource: Sendable {
    /// How the samples of its blocks are written.
    var format: AudioFormat { get }
    /// Whether sound passes by whether or not somebody takes it, as at a microphone.
    var isLive: Bool { get }
    /// Whether it may bring nothing for a while though more is to come, as a pipe does; what was said is wanted then.
    var mayPause: Bool { get }

    /// Hands over block after block, and returns when the sound ends. A cancelled task gets a `CancellationError`, or a
    /// normal return.
    ///
    /// - Parameter take: may let the source wait, which is live only at the risk of losing sound.
    /// - Throws: one line that says why the sound ended before its time.
    func run(_ take: @escaping @Sendable (SoundBlock) async throws -> Void) async throws
}

/// Some sound.
package struct SoundBlock: Sendable, Equatable {
    /// Whole samples, as the source's format says.
    package let bytes: [UInt8]
    /// How many times sound was lost before the block, because it was not fetched in time.
    package let overflows: Int

    /// Creates a block.
    package init(bytes: [UInt8], overflows: Int = 0) {
        self.bytes = bytes
        self.overflows = overflows
    }
}

/// Why there is no sound, or no more.
package struct SoundError: Error, Sendable, Equatable, CustomStringConvertible {
    /// One line that says what is wrong and what to do.
    package let description: String

    /// Creates an error with its line.
    package init(_ description: String) {
        self.description = description
    }
}

extension SoundSource {
    /// A microphone that is suspended, or anything that passes by, brings nothing for a while.
    package var mayPause: Bool { isLive }
}
