/// Remembers where a speaker paused, to find where a long utterance is best cut.
struct PauseFinder: Sendable, Equatable, Codable {
    private struct Pause: Equatable, Codable {
        var range: Range<Int>
        var level: Float
    }

    private var pauses: [Pause] = []
    private var isOpen = false
    /// The quietest loud frame of the second that is heard now.
    private var loud: Pause?

    /// Takes in a frame of 20 ms.
    mutating func hear(level: Float, isActive: Bool, endingAt end: Int) {
        guard !isActive else {
            isOpen = false
            // Where there is no silence, the quietest frame of each second is remembered as a place to cut.
            let frame = Pause(range: end - LoudnessGate.frame..<end, level: level)
            if let loud, end - loud.range.upperBound < AudioTimeline.sampleRate {
                if level < loud.level { self.loud = frame }
            } else {
                if let loud { pauses.append(loud) }
                loud = frame
            }
            return
        }
        if isOpen, let last = pauses.indices.last {
            pauses[last].range = pauses[last].range.lowerBound..<end
            pauses[last].level = min(pauses[last].level, level)
        } else {
            pauses.append(Pause(range: end - LoudnessGate.frame..<end, level: level))
            isOpen = true
        }
    }

    /// Middle of the longest pause after a position; among equals the quieter one.
    func best(after position: Int) -> Int? {
        let candidates = (pauses + [loud].compactMap(\.self)).filter { $0.range.lowerBound >= position }
        let best = candidates.max { ($0.range.count, -$0.level) < ($1.range.count, -$1.level) }
        return best.map { ($0.range.lowerBound + $0.range.upperBound) / 2 }
    }

    mutating func forget(before position: Int) {
        pauses.removeAll { $0.range.upperBound <= position }
        if let loud, loud.range.upperBound <= position { self.loud = nil }
    }
}
