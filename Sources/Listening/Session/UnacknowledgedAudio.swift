package import SoriProtocol

/// The sound that no acknowledgement covers yet, by absolute sample: 0 is the first sample that was ever appended,
/// whatever sessions there were since.
///
/// It holds at most ``capacity`` samples. Beyond, the oldest give way. They read as silence then, so that all positions
/// stay right, and ``append(_:)`` says which they were.
package struct UnacknowledgedAudio: Sendable {
    /// How the samples are written.
    package let format: AudioFormat
    /// The most samples that are held.
    package let capacity: Int
    /// Everything before this sample is dealt with.
    package private(set) var acknowledged = 0
    /// The first sample that is held; past ``acknowledged`` where some had to give way.
    package private(set) var start = 0
    /// One past the last sample.
    package private(set) var end = 0

    private var bytes: [UInt8] = []
    /// Bytes at the front of ``bytes`` that are not needed any more. Removing them each time would move all others.
    private var unused = 0

    /// Creates an empty store; `capacity` is at least 1.
    package init(format: AudioFormat, capacity: Int) {
        self.format = format
        self.capacity = max(capacity, 1)
    }

    /// Appends whole samples; part of one at the end is left out.
    ///
    /// - Returns: the samples that had to give way, if any.
    package mutating func append(_ block: some Collection<UInt8>) -> Range<Int>? {
        let count = block.count / format.bytesPerFrame
        bytes.append(contentsOf: block.prefix(count * format.bytesPerFrame))
        end += count
        guard end - start > capacity else { return nil }
        let lost = start..<(end - capacity)
        release(before: lost.upperBound)
        return lost
    }

    /// Lets go of what the server has dealt with; a position that lies behind or in the future does no harm.
    package mutating func acknowledge(before position: Int) {
        acknowledged = max(acknowledged, min(position, end))
        release(before: acknowledged)
    }

    /// Up to `maximum` samples from a position on, fewer where the sound ends; silence for samples that gave way.
    package func read(from position: Int, maximum: Int) -> [UInt8] {
        let size = format.bytesPerFrame
        let range = position..<max(position, min(position + maximum, end))
        guard !range.isEmpty else { return [] }
        let missing = min(max(start - range.lowerBound, 0), range.count)
        let first = unused + (range.lowerBound + missing - start) * size
        let held = bytes[first..<(first + (range.count - missing) * size)]
        return missing == 0 ? Array(held) : Array(repeating: format.encoding.silence, count: missing * size) + held
    }

    private mutating func release(before position: Int) {
        guard position > start else { return }
        unused += (position - start) * format.bytesPerFrame
        start = position
        guard unused > bytes.count / 2 else { return }
        bytes.removeFirst(unused)
        unused = 0
    }
}

extension AudioFormat.Encoding {
    /// The byte of which silence is made.
    package var silence: UInt8 {
        self == .pcmMuLaw ? 0xFF : 0
    }
}
