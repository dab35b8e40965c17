import Foundation

/// How loud a stretch of audio is.
public struct AudioLevel: Sendable, Equatable {
    /// Greatest magnitude of any sample; 1 is full scale, 0 when there are no samples.
    public let peak: Float
    /// Square root of the mean of the squared samples; 0 when there are no samples.
    public let rms: Float

    /// Measures samples in -1...1.
    public init(_ samples: some Collection<Float>) {
        self = samples.withContiguousStorageIfAvailable(Self.init(measuring:)) ?? Self(Array(samples))
    }

    private init(measuring samples: UnsafeBufferPointer<Float>) {
        var peak: Float = 0
        var energy = 0.0
        for sample in samples {
            peak = max(peak, abs(sample))
            energy += Double(sample) * Double(sample)
        }
        self.peak = peak
        self.rms = samples.isEmpty ? 0 : Float((energy / Double(samples.count)).squareRoot())
    }

    /// ``peak`` in decibels below full scale: 0 for a sample of 1, minus infinity for silence.
    public var peakDecibels: Float { Self.decibels(peak) }

    /// ``rms`` in decibels below full scale: 0 for a full-scale square wave, -3.01 for a full-scale sine, minus
    /// infinity for silence.
    public var rmsDecibels: Float { Self.decibels(rms) }

    /// An amplitude in decibels: 20·log₁₀ of it.
    public static func decibels(_ amplitude: Float) -> Float {
        20 * log10(amplitude)
    }
}
