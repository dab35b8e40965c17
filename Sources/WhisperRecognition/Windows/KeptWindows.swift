package import Recognition
package import Whisper

/// What live windows have left for the next ones of their streams: a cache, which may forget anything at any time. The
/// next window is then computed as a whole.
package struct KeptWindows: Sendable {
    private struct Entry: Sendable {
        var start: Int
        var window: GrowingWindow
        var lastUse: ContinuousClock.Instant
    }

    /// A stream that has been silent for so long is over, or begins anew.
    package static let patience = Duration.seconds(10)
    private let limit: Int
    private var entries: [String: Entry] = [:]

    /// - Parameter bytes: the most that are kept.
    package init(bytes: Int) { limit = bytes }

    /// Takes what the former window of a stream has left, where both begin with the same sample: nobody else gets it
    /// meanwhile.
    package mutating func take(_ place: SoundPlace, at now: ContinuousClock.Instant) -> GrowingWindow? {
        entries = entries.filter { now - $0.value.lastUse < Self.patience }
        guard let entry = entries.removeValue(forKey: place.stream), entry.start == place.start else { return nil }
        return entry.window
    }

    /// Keeps what a window has left. What was used longest ago goes when there is no room.
    package mutating func put(_ window: GrowingWindow, at place: SoundPlace, now: ContinuousClock.Instant) {
        entries[place.stream] = Entry(start: place.start, window: window, lastUse: now)
        var bytes = entries.values.reduce(0) { $0 + $1.window.bytes }
        while bytes > limit, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) {
            bytes -= oldest.value.window.bytes
            entries[oldest.key] = nil
        }
    }
}
