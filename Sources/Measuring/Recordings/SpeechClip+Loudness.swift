internal import Foundation

extension SpeechClip {
    /// When somebody stops to speak: the end of the last 20 ms that are loud.
    ///
    /// Loud is what is at most 35 dB below the loudest 20 ms of the stretch and at least 10 dB above the recording's quietest
    /// tenth.
    ///
    /// - Parameters:
    ///   - start: seconds from the start of the clip.
    ///   - end: where the utterance is known to be over.
    /// - Returns: seconds from the start of the clip; `end` where nothing is loud.
    func speechEnd(from start: Double, to end: Double, quiet: Double) -> Double {
        let first = max(0, Int(start / Self.frame))
        let last = min(Int(end / Self.frame), samples.count / Self.frameSamples)
        guard first < last else { return end }
        let levels = (first..<last).map(level(ofFrame:))
        let bar = max((levels.max() ?? 0) - 35, quiet + 10)
        guard let loud = levels.lastIndex(where: { $0 >= bar }) else { return end }
        return Double(first + loud + 1) * Self.frame
    }

    /// The level that a tenth of the recording is below, in decibels.
    var quietLevel: Double {
        let levels = (0..<samples.count / Self.frameSamples).map(level(ofFrame:)).sorted()
        return levels.isEmpty ? 0 : levels[levels.count / 10]
    }

    private static let frame = 0.02
    private static let frameSamples = 320

    private func level(ofFrame index: Int) -> Double {
        let frame = samples[index * Self.frameSamples..<(index + 1) * Self.frameSamples]
        let energy = frame.reduce(0.0) { $0 + Double($1) * Double($1) }
        // Digital silence has a level too.
        return 10 * log10(energy / Double(Self.frameSamples) + 1e-10)
    }
}
