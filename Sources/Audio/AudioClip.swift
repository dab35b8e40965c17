/// A recording in memory: mono, 16 kHz, samples in -1...1.
public struct AudioClip: Sendable {
    /// Samples per second of every clip, and of all audio that Whisper hears.
    public static let sampleRate = 16_000

    /// The samples, each in -1...1.
    public var samples: [Float]
    /// What was odd about the recording and did not keep it from being read.
    public var warnings: [AudioWarning]

    /// Length in seconds.
    public var duration: Double { Double(samples.count) / Double(Self.sampleRate) }

    /// Creates a clip from mono samples at 16 kHz.
    public init(samples: [Float], warnings: [AudioWarning] = []) {
        self.samples = samples
        self.warnings = warnings
    }
}

/// Something odd about a recording that did not keep it from being read. The description is one line.
public enum AudioWarning: Sendable, Equatable, CustomStringConvertible {
    /// So many samples were not numbers or infinite, and are silent now.
    case notFinite(count: Int)
    /// The file ends early: seconds that its header promises, and seconds that are there.
    case truncated(promised: Double, found: Double)
    /// The file lacks the mark at its end, as when a recording or a copy broke off.
    case unfinished
    /// The header does not say how long the sound is, as when a recorder crashed; all to the file's end was read.
    case unknownLength
    /// The header promises fewer seconds than there are; all were read.
    case longer(promised: Double, found: Double)
    /// So many seconds, from a position on, could not be read; see ``isLoss``.
    case leftOut(String)
    /// Time stamps leave so many seconds without sound, of which so many became silence.
    case longGap(seconds: Double, kept: Double)
    /// The first time stamp is so many seconds after 0, and was taken for 0.
    case lateOrigin(seconds: Double)
    /// The channels cancel each other when they are mixed; the louder one was taken.
    case channelsCancel
    /// The decoder stumbled over damaged places; what it said about them.
    case damaged(String)
    /// The samples go this many times beyond full scale, and were clipped to -1...1.
    case clipped(peak: Float)

    /// Whether sound that is in the file was not heard.
    public var isLoss: Bool {
        if case .leftOut = self { true } else { false }
    }

    /// One line on what is odd.
    public var description: String {
        switch self {
        case .notFinite(let count):
            "\(count) \(count == 1 ? "sample is" : "samples are") not a number or infinite; silence took the place"
        case .truncated(let promised, let found):
            "the file ends early: \(tenths(found)) s of \(tenths(promised)) s are there"
        case .unfinished:
            "the file has no proper end; the last part may be missing"
        case .unknownLength:
            "the header does not say how long the sound is, as when a recorder crashed; all to the file's end was read"
        case .longer(let promised, let found):
            "the header promises \(tenths(promised)) s, but \(tenths(found)) s are there; all were read"
        case .leftOut(let detail):
            "a part was left out: \(detail)"
        case .longGap(let seconds, let kept):
            "time stamps leave \(hours(seconds)) without sound, of which \(hours(kept)) were kept; later times are early"
        case .lateOrigin(let seconds):
            "the first time stamp is \(hours(seconds)); times are counted from there"
        case .channelsCancel:
            "the channels cancel each other (one is upside down); the louder one was taken"
        case .damaged(let detail):
            "the file is damaged in places: \(detail)"
        case .clipped(let peak):
            "the loudest sample is \(tenths(Double(peak))) times full scale; everything beyond it was clipped"
        }
    }

    private func hours(_ seconds: Double) -> String {
        "\(tenths(seconds / 3600)) h"
    }

    private func tenths(_ value: Double) -> String {
        String((value * 10).rounded() / 10)
    }
}
