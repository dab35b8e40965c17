/// Mixes interleaved channels to their mean, and replaces samples that are not finite by silence.
///
/// Where channels cancel each other, as when one cable is wired the wrong way round, the mean is silent while the
/// channels are not: there the loudest channel is taken. What comes out does not depend on how the sound is cut into
/// blocks.
package struct Mixer: Sendable {
    /// Number of channels that go in.
    package let channels: Int
    /// Samples that were not numbers or infinite so far.
    package private(set) var notFiniteCount = 0
    /// Greatest magnitude of a sample so far, before mixing.
    package private(set) var peak: Float = 0
    /// Whether the channels have cancelled each other for half a second in all.
    package var channelsCancel: Bool { balance?.hasCancelled ?? false }

    private var balance: ChannelBalance?

    /// Creates a mixer for one signal.
    ///
    /// - Parameters:
    ///   - channels: 1 or more, interleaved.
    ///   - sampleRate: samples of each channel a second.
    package init(channels: Int, sampleRate: Double) {
        self.channels = max(channels, 1)
        balance = channels > 1 ? ChannelBalance(channels: channels, sampleRate: sampleRate) : nil
    }

    /// The mix of each frame; a part of a frame at the end is left out.
    package mutating func mix(_ interleaved: [Float]) -> [Float] {
        let frames = interleaved.count / channels
        let scale = 1 / Float(channels)
        var mixed = [Float](repeating: 0, count: frames)
        var (notFinite, loudest) = (0, peak)
        for frame in 0..<frames {
            var sum: Float = 0
            let start = frame * channels
            for index in start..<(start + channels) {
                let sample = interleaved[index]
                if sample.isFinite {
                    sum += sample
                    loudest = max(loudest, abs(sample))
                } else {
                    notFinite += 1
                }
            }
            mixed[frame] = sum * scale
        }
        notFiniteCount += notFinite
        peak = loudest
        balance?.correct(&mixed, of: interleaved)
        return mixed
    }
}

/// Watches how loud the channels and their mean are, and puts the loudest channel in the place of a mean that is silent.
private struct ChannelBalance {
    private let channels: Int
    /// Samples between two decisions, about 10 ms, which is also how long a change takes.
    private let step: Int
    /// Share of the newest sample in the averages, which look back 0.2 s.
    private let share: Float
    private let sampleRate: Double

    /// Mean squares of late: of each channel, and of the mean.
    private var energies: [Float]
    private var energy: Float = 0
    /// The channel that is heard, or `nil` for the mean.
    private var choice: Int?
    private var former: Int?
    private var frame = 0
    private var cancelled = 0

    var hasCancelled: Bool { Double(cancelled) >= 0.5 * sampleRate }

    /// A mean square that is no sound, -80 dB.
    private static let silence: Float = 1e-8
    /// How far, in energy, the mean may be below what one channel alone would leave of itself: 10 dB, and 4 dB to go back.
    private static let (least, enough): (Float, Float) = (0.1, 0.4)

    init(channels: Int, sampleRate: Double) {
        self.channels = channels
        self.sampleRate = sampleRate
        step = max(Int(sampleRate / 100), 1)
        share = Float(1 / (0.2 * max(sampleRate, 100)))
        energies = [Float](repeating: 0, count: channels)
    }

    mutating func correct(_ mixed: inout [Float], of interleaved: [Float]) {
        for index in mixed.indices {
            let start = index * channels
            let mean = mixed[index]
            energy += share * (mean * mean - energy)
            for channel in 0..<channels {
                let sample = finite(interleaved[start + channel])
                energies[channel] += share * (sample * sample - energies[channel])
            }
            if frame == step {
                decide()
                frame = 0
            }
            frame += 1
            guard choice != nil || former != nil else { continue }
            func sound(_ channel: Int?) -> Float { channel.map { finite(interleaved[start + $0]) } ?? mean }
            let weight = choice == former ? 1 : Float(frame) / Float(step)
            mixed[index] = weight * sound(choice) + (1 - weight) * sound(former)
        }
    }

    private func finite(_ sample: Float) -> Float { sample.isFinite ? sample : 0 }

    private mutating func decide() {
        former = choice
        var loudest = 0
        for channel in 1..<channels where energies[channel] > energies[loudest] { loudest = channel }
        let level = energies[loudest]
        guard level > Self.silence else { return }
        // One channel that speaks alone leaves this much of itself in the mean.
        let alone = level / Float(channels * channels)
        if let choice {
            cancelled += step
            if energy > Self.enough * alone {
                self.choice = nil
            } else if energies[choice] < 0.25 * level {
                self.choice = loudest
            }
        } else if energy < Self.least * alone {
            choice = loudest
        }
    }
}
