/// Mixes interleaved channels to their mean, and replaces samples that are not finite by silence.
struct Mixer {
    let channels: Int
    /// Samples that were not numbers or infinite so far.
    private(set) var notFiniteCount = 0
    /// Greatest magnitude of a sample so far, before mixing.
    private(set) var peak: Float = 0

    init(channels: Int) {
        self.channels = channels
    }

    /// The mean of each of the first frames.
    mutating func mix(_ interleaved: [Float], frames: Int) -> [Float] {
        let scale = 1 / Float(channels)
        var mixed = [Float](repeating: 0, count: frames)
        var (notFinite, loudest) = (0, peak)
        for frame in 0..<frames {
            var sum: Float = 0
            for index in (frame * channels)..<((frame + 1) * channels) {
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
        return mixed
    }
}
