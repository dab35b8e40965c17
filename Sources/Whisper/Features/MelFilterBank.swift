internal import Foundation

/// Triangular filters from the bins of a Fourier transform to mel bands.
///
/// The scale is Slaney's (linear below 1 kHz, logarithmic above) and each triangle has area 1, as
/// `librosa.filters.mel(sr=16000, n_fft=400, n_mels=bands)`, which Whisper was trained with.
enum MelFilterBank {
    /// - Parameters:
    ///   - bands: number of mel bands (80, or 128 for large-v3).
    ///   - transformLength: samples in one Fourier transform.
    ///   - sampleRate: in Hz.
    /// - Returns: weights [bins, bands], bins fastest, with `transformLength / 2 + 1` bins.
    static func weights(bands: Int, transformLength: Int, sampleRate: Double) -> [Float] {
        let bins = transformLength / 2 + 1
        let topMel = mel(fromHertz: sampleRate / 2)
        let edges = (0..<bands + 2).map { hertz(fromMel: topMel * Double($0) / Double(bands + 1)) }
        var weights = [Float](repeating: 0, count: bins * bands)
        for band in 0..<bands {
            let (low, centre, high) = (edges[band], edges[band + 1], edges[band + 2])
            for bin in 0..<bins {
                let frequency = Double(bin) * sampleRate / Double(transformLength)
                let triangle = min((frequency - low) / (centre - low), (high - frequency) / (high - centre))
                weights[band * bins + bin] = Float(max(0, triangle) * 2 / (high - low))
            }
        }
        return weights
    }

    private static let linearStep = 200.0 / 3
    private static let logarithmicStart = 1000.0
    private static let logarithmicStep = log(6.4) / 27

    private static func mel(fromHertz hertz: Double) -> Double {
        hertz < logarithmicStart
            ? hertz / linearStep : logarithmicStart / linearStep + log(hertz / logarithmicStart) / logarithmicStep
    }

    private static func hertz(fromMel mel: Double) -> Double {
        let start = logarithmicStart / linearStep
        return mel < start ? mel * linearStep : logarithmicStart * exp(logarithmicStep * (mel - start))
    }
}
