/// How the sound of a request to a worker is encoded: one channel at 16 kHz.
public enum SoundEncoding: String, Sendable, Choice {
    /// 16-bit integers, the lower byte first; a sample is the integer over 32,767.
    case pcmS16LE = "pcm_s16le"
    /// 32-bit floating-point numbers in -1...1, the lowest byte first.
    case pcmF32LE = "pcm_f32le"

    /// Bytes of a sample.
    public var bytesPerSample: Int { self == .pcmS16LE ? 2 : 4 }

    private static let scale: Float = 32_767

    /// The encoding with the fewest bytes that changes no sample.
    public static func smallest(for samples: some Collection<Float>) -> SoundEncoding {
        samples.allSatisfy { sample in
            let scaled = (sample * scale).rounded()
            return abs(scaled) <= scale && scaled / scale == sample
        } ? .pcmS16LE : .pcmF32LE
    }

    /// Writes samples in -1...1; with ``pcmS16LE``, those beyond are cut.
    public func bytes(of samples: some Collection<Float>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(samples.count * bytesPerSample)
        for sample in samples {
            switch self {
            case .pcmS16LE:
                let value = Int16((max(-1, min(1, sample.isNaN ? 0 : sample)) * Self.scale).rounded())
                withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
            case .pcmF32LE:
                withUnsafeBytes(of: sample.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
            }
        }
        return bytes
    }

    /// Reads samples.
    ///
    /// - Returns: `nil` where the bytes end in the middle of a sample.
    public func samples(of bytes: UnsafeRawBufferPointer) -> [Float]? {
        guard bytes.count.isMultiple(of: bytesPerSample) else { return nil }
        let offsets = stride(from: 0, to: bytes.count, by: bytesPerSample)
        return switch self {
        case .pcmS16LE:
            offsets.map {
                Float(Int16(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: Int16.self))) / Self.scale
            }
        case .pcmF32LE:
            offsets.map {
                Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: UInt32.self)))
            }
        }
    }
}
