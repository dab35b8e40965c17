/// How the sound of a request to a worker is encoded: one channel at 16 kHz.
public enum SoundEncoding: String, Sendable, Choice {
    /// 16-bit integers, the lower byte first; a sample is the integer over 32,767.
    case pcmS16LE = "pcm_s16le"
    /// 32-bit floating-point numbers in -1...1, the lowest byte first.
    case pcmF32LE = "pcm_f32le"

    /// Bytes of a sample.
    public var bytesPerSample: Int { self == .pcmS16LE ? 2 : 4 }

    private static let scale: Float = 32_767

    /// Writes samples in -1...1 in the encoding with the fewest bytes that changes none of them.
    public static func encode(_ samples: some Collection<Float>) -> (encoding: SoundEncoding, bytes: [UInt8]) {
        let samples = ContiguousArray(samples)
        if let bytes = exact16(samples) { return (.pcmS16LE, bytes) }
        let bytes = [UInt8](unsafeUninitializedCapacity: 4 * samples.count) { bytes, count in
            for index in samples.indices {
                UnsafeMutableRawBufferPointer(bytes).storeBytes(
                    of: samples[index].bitPattern.littleEndian, toByteOffset: 4 * index, as: UInt32.self)
            }
            count = 4 * samples.count
        }
        return (.pcmF32LE, bytes)
    }

    /// 16-bit integers, where all samples are such. A loop without branches and traps, which the compiler turns into vectors.
    private static func exact16(_ samples: ContiguousArray<Float>) -> [UInt8]? {
        // Added to a float below 2^22, it leaves the nearest whole number in the lowest bits.
        let shift: Float = 12_582_912
        var differences = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: 2 * samples.count) { bytes, count in
            bytes.withMemoryRebound(to: Int16.self) { values in
                for index in samples.indices {
                    let sample = samples[index]
                    // What is no number becomes -1, and differs.
                    let shifted = (sample > -1 ? sample < 1 ? sample : 1 : -1) * scale + shift
                    differences |= (shifted - shift) / scale == sample ? 0 : 1
                    values[index] = Int16(truncatingIfNeeded: shifted.bitPattern).littleEndian
                }
            }
            count = 2 * samples.count
        }
        return differences == 0 ? bytes : nil
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
