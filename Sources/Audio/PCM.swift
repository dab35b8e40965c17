/// How samples without a header are written as bytes. The raw values are the names on the wire.
public enum PCMEncoding: String, Sendable, CaseIterable, Codable {
    /// Signed 16-bit integers, low byte first.
    case signed16 = "pcm_s16le"
    /// IEEE 754 single precision, low byte first, nominally -1...1.
    case float32 = "pcm_f32le"
    /// Eight bits a sample on a logarithmic scale (ITU-T G.711 µ-law).
    case muLaw = "pcm_mulaw"

    /// Bytes of one sample.
    public var bytesPerSample: Int {
        switch self {
        case .signed16: 2
        case .float32: 4
        case .muLaw: 1
        }
    }
}

/// Samples read from headerless bytes.
public struct PCM: Sendable, Equatable {
    /// The samples, in the order of the bytes; channels stay interleaved.
    public let samples: [Float]
    /// How many samples were not numbers or infinite. They are 0 in ``samples``.
    public let notFiniteCount: Int

    /// Reads bytes as samples in -1...1 (floating-point samples are taken as they are, if they are finite).
    ///
    /// - Throws: ``AudioError`` with code `incompleteSample` when the bytes end in the middle of a sample.
    public init(_ bytes: RawSpan, encoding: PCMEncoding) throws {
        let size = encoding.bytesPerSample
        guard bytes.byteCount.isMultiple(of: size) else {
            throw AudioError(
                .incompleteSample,
                "\(bytes.byteCount) bytes of \(encoding.rawValue) end in the middle of a sample; "
                    + "send a multiple of \(size) bytes")
        }
        var samples: [Float] = []
        samples.reserveCapacity(bytes.byteCount / size)
        var notFiniteCount = 0
        for offset in stride(from: 0, to: bytes.byteCount, by: size) {
            switch encoding {
            case .signed16:
                let bits = Int16(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: Int16.self))
                samples.append(Float(bits) / 32768)
            case .float32:
                let bits = UInt32(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
                let sample = Float(bitPattern: bits)
                samples.append(sample.isFinite ? sample : 0)
                notFiniteCount += sample.isFinite ? 0 : 1
            case .muLaw:
                let code = bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt8.self)
                samples.append(Self.muLawTable[Int(code)])
            }
        }
        self.samples = samples
        self.notFiniteCount = notFiniteCount
    }

    /// Reads bytes as samples in -1...1; see ``init(_:encoding:)-(RawSpan,_)``.
    public init(_ bytes: [UInt8], encoding: PCMEncoding) throws {
        try self.init(bytes.span.bytes, encoding: encoding)
    }

    /// The sample of each µ-law code (ITU-T G.711, table 2a): inverted bits of sign, exponent and mantissa, on the
    /// 14-bit scale with a bias of 33.
    private static let muLawTable: [Float] = (0..<256).map { code in
        let bits = ~code & 0xFF
        let exponent = (bits >> 4) & 0b111
        let mantissa = bits & 0b1111
        let magnitude = ((2 * mantissa + 33) << exponent) - 33
        return Float(bits & 0x80 == 0 ? magnitude : -magnitude) / 8192
    }
}
