import Foundation
import Recognition
import SeededRandom
import Streaming

/// Synthetic sound at 16 kHz: what speaks changes sign with every sample, what hums does so seldom.
struct Sound {
    private(set) var samples: [Float]

    var seconds: Double { samples.count.asSeconds }

    /// Near silence: -70 dB unless told otherwise.
    init(seconds: Double, floor: Float = 0.0003) {
        samples = (0..<seconds.asSamples).map { $0 % 2 == 0 ? floor : -floor }
    }

    /// A voice with gaps as between syllables: 0.3 s of every 0.4 s.
    mutating func speak(from start: Double, to end: Double, amplitude: Float = 0.2) {
        var time = start
        while time < end {
            burst(from: time, to: min(end, time + 0.3), amplitude: amplitude)
            time += 0.4
        }
    }

    /// A voice without any gap, which is never as even as a machine: 7 dB up and down three times a second.
    mutating func burst(from start: Double, to end: Double, amplitude: Float = 0.2) {
        let range = range(start, end)
        for index in range {
            let amplitude = (index - range.lowerBound) / 2560 % 2 == 0 ? amplitude : amplitude * 0.45
            samples[index] += index % 2 == 0 ? amplitude : -amplitude
        }
    }

    /// A tone, such as the hum of the mains.
    mutating func tone(_ frequency: Double, amplitude: Float) {
        for index in samples.indices {
            samples[index] += amplitude * Float(sin(2 * Double.pi * frequency * Double(index) / 16_000))
        }
    }

    /// An offset of all samples.
    mutating func shift(by offset: Float) {
        for index in samples.indices { samples[index] += offset }
    }

    /// A fan: noise of any frequency.
    mutating func fan(from start: Double, to end: Double, amplitude: Float) {
        var random = SplitMix64(state: 11)
        for index in range(start, end) { samples[index] += Float.random(in: -amplitude...amplitude, using: &random) }
    }

    /// A machine, or music: 200 Hz. Rises by so many decibels in a second.
    mutating func hum(from start: Double, to end: Double, amplitude: Float = 0.1, rising decibels: Float = 0) {
        var amplitude = amplitude
        // 10^(x/20) for the small x of a frame of 20 ms.
        let factor = 1 + decibels / 50 * 0.115_13
        for index in range(start, end) {
            if index % 320 == 0 { amplitude *= factor }
            samples[index] += index / 40 % 2 == 0 ? amplitude : -amplitude
        }
    }

    private func range(_ start: Double, _ end: Double) -> Range<Int> {
        (max(0, start.asSamples)..<max(0, start.asSamples, end.asSamples)).clamped(to: 0..<samples.count)
    }
}

/// A detector that knows how synthetic voices sound.
enum ToyDetector {
    /// What a probability of no speech means.
    static func heard(_ noSpeech: Float, language: String? = "ko") -> SpeechDetection {
        DetectorThresholds.whisperTiny.detection(noSpeechProbability: noSpeech, language: language)
    }

    /// The more of a voice there is, the surer: 0.1 is sure, 0.75 is little, 0.95 is none.
    static func detect(_ samples: [Float], language: String? = "ko") -> SpeechDetection {
        var changes = 0
        var before: Float = 0
        for sample in samples {
            if abs(sample) > 0.004, sample * before < 0 { changes += 1 }
            before = abs(sample) > 0.004 ? sample : 0
        }
        return heard(changes > 4000 ? 0.1 : changes > 1200 ? 0.75 : 0.95, language: language)
    }
}
