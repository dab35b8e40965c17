/// The sound of a session that is still needed, by absolute position: sample 0 is the session's first, at 16 kHz.
package struct AudioTimeline: Sendable {
    /// Samples in a second.
    package static let sampleRate = 16_000

    /// 16 bits hold what a microphone gives, in half the room of a float.
    private var kept: [Int16] = []
    private var head = 0
    /// Position of the first sample that is kept.
    package private(set) var start = 0
    /// Position after the newest sample.
    package private(set) var end = 0

    package init(startingAt start: Int = 0) {
        self.start = start
        end = start
    }

    /// Seconds of sound that are kept.
    package var seconds: Double { Double(end - start) / Double(Self.sampleRate) }

    /// Adds sound in -1...1 at the end.
    package mutating func append(_ samples: some Collection<Float>) {
        let samples = ContiguousArray(samples)
        kept += [Int16](unsafeUninitializedCapacity: samples.count) { values, count in
            for index in samples.indices {
                let sample = samples[index]
                // What is beyond is cut, and what is no number becomes silence.
                let scaled = (sample.isNaN ? 0 : sample < -1 ? -1 : sample > 1 ? 1 : sample) * 32_767
                values[index] = Int16(scaled + (scaled < 0 ? -0.5 : 0.5))
            }
            count = samples.count
        }
        end += samples.count
    }

    /// The sound of a range that is kept, in -1...1; what lies outside is left out.
    package func samples(in range: Range<Int>) -> [Float] {
        let range = range.clamped(to: start..<end)
        return kept[head + range.lowerBound - start..<head + range.upperBound - start].map { Float($0) / 32_767 }
    }

    /// The sound before a position that is kept, in 16 bits.
    func stored(before position: Int) -> [Int16] {
        Array(kept[head..<head + max(0, min(position, end) - start)])
    }

    /// Sound that was stored, from a position on.
    init(startingAt start: Int, stored: [Int16]) {
        self.init(startingAt: start)
        kept = stored
        end = start + stored.count
    }

    /// Forgets what lies before a position.
    package mutating func discard(before position: Int) {
        let position = min(position, end)
        guard position > start else { return }
        head += position - start
        start = position
        // Removing from the front is linear; doing it rarely keeps the cost per sample constant.
        if head > max(kept.count / 2, Self.sampleRate) {
            kept.removeFirst(head)
            head = 0
        }
    }
}

extension Int {
    /// A position in samples, in seconds.
    package var asSeconds: Double { Double(self) / Double(AudioTimeline.sampleRate) }
}

extension Double {
    /// Seconds, as a number of samples.
    package var asSamples: Int { Int((self * Double(AudioTimeline.sampleRate)).rounded()) }
}
