internal import Audio
package import SoriProtocol

/// Which sample of a client is which sample at 16 kHz, and from where on the client has to send again so that another
/// gateway hears the very same sound.
///
/// Sound that goes on is one signal for the resampler. A flush ends it, as nothing may be held back then, and the next
/// signal begins there.
package struct SoundPlaces: Sendable, Equatable, Codable {
    /// Samples of each channel a second.
    private let rate: Int
    /// Sound on each side of a place that the resampler looks at, and so many samples that whole ones come out.
    private let reach: Int
    private let period: Int
    /// Client's samples at which signals begin, ascending; those that nobody asks for any longer are forgotten.
    private var starts = [0]

    /// - Throws: ``RequestFailure`` with `unsupported_audio`.
    package init(_ format: AudioFormat) throws {
        let resampler = try Resampler(from: Double(format.sampleRate))
        rate = format.sampleRate
        (reach, period) = (resampler.reach, resampler.period)
    }

    /// A signal ends at a sample of the client, and another begins.
    package mutating func begin(at sample: Int) {
        if let last = starts.last, sample > last { starts.append(sample) }
    }

    /// Samples at 16 kHz that have come out at a flush there.
    func position(of sample: Int) -> Int {
        Int((Double(sample) * Double(AudioClip.sampleRate) / Double(rate)).rounded())
    }

    /// From which of its samples on the client has to send again, so that the sound is known from `position` on.
    package func sample(before position: Int) -> Int {
        let start = starts.last { self.position(of: $0) <= position } ?? starts[0]
        let place = (position - self.position(of: start)) * rate / AudioClip.sampleRate
        return start + max(0, place - reach) / period * period
    }

    /// Forgets the signals that are over before a sample of the client.
    mutating func forget(before sample: Int) {
        if let first = starts.lastIndex(where: { $0 <= sample }) { starts.removeFirst(first) }
    }

    /// Where the signal begins that a sample of the client is part of, and those that begin after it.
    func signals(from sample: Int) -> (start: Int, later: [Int]) {
        (starts.last { $0 <= sample } ?? starts[0], starts.filter { $0 > sample })
    }
}
