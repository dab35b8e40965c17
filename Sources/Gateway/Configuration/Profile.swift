package import Streaming

/// Defaults that go together, for kinds of machines.
package enum Profile: String, Sendable, CaseIterable {
    /// Captions as soon as the machine can.
    case standard
    /// One core, and half the work for a second of speech: captions come 0.2 to 0.3 s later. See `docs/benchmarks.md`.
    case low

    func apply(to settings: inout ServerSettings) {
        guard self == .low else { return }
        settings.lanes = 1
        apply(to: &settings.captions)
    }

    /// The part of it that concerns captions.
    package func apply(to captions: inout CaptionSettings) {
        guard self == .low else { return }
        captions.windows.hop = 1
        captions.windows.longestWindow = 6
        // Longer than any pause within an utterance, so that pauses are not decoded before the end.
        captions.gate.pause = 5
    }
}
