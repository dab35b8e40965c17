package import Recognition

/// The newest window of each stream of a connection, so that the next one need not be sent whole.
///
/// A cache: what it does not have is asked for again, and is then the same.
package struct SoundCache: Sendable {
    private struct Window {
        var start: Int
        var samples: [Float]
        var used: Int
    }

    /// What a stream counts beside its samples, so that many empty ones are bounded too.
    private static let overhead = 4000

    private let capacity: Int
    private var windows: [String: Window] = [:]
    private var held = 0
    private var uses = 0

    /// - Parameter capacity: samples that are kept, of all streams together; each counts 4000 beside its own.
    package init(capacity: Int = 16_000 * 30 * 64) {
        self.capacity = capacity
    }

    /// The sound of a window, of which what comes before `newFrom` is here; keeps it for the next window.
    ///
    /// - Parameters:
    ///   - new: what was sent: from `newFrom` on.
    ///   - newFrom: position in the stream, `nil` where all was sent.
    /// - Returns: `nil` where what comes before is not here.
    package mutating func complete(_ place: SoundPlace?, new: [Float], newFrom: Int?) -> [Float]? {
        guard let place else { return newFrom == nil ? new : nil }
        var samples = new
        if let newFrom {
            guard let former = windows[place.stream], former.start <= place.start, place.start <= newFrom,
                newFrom <= former.start + former.samples.count
            else { return nil }
            samples = former.samples[place.start - former.start..<newFrom - former.start] + new
        }
        keep(samples, at: place)
        return samples
    }

    private mutating func keep(_ samples: [Float], at place: SoundPlace) {
        uses += 1
        held += samples.count + Self.overhead - (windows[place.stream].map(Self.size) ?? 0)
        windows[place.stream] = Window(start: place.start, samples: samples, used: uses)
        while held > capacity, let oldest = windows.min(by: { $0.value.used < $1.value.used }) {
            held -= Self.size(oldest.value)
            windows[oldest.key] = nil
        }
    }

    private static func size(_ window: Window) -> Int { window.samples.count + overhead }
}
