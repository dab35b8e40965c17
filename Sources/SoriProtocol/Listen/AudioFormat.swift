/// How the binary frames of a connection are encoded. Each frame holds whole samples of all channels, interleaved.
public struct AudioFormat: Sendable, Equatable, Codable {
    /// How one sample is written.
    public enum Encoding: String, Sendable, Choice {
        /// 16-bit integers, little-endian.
        case pcmS16LE = "pcm_s16le"
        /// 32-bit floats in -1...1, little-endian.
        case pcmF32LE = "pcm_f32le"
        /// G.711 µ-law, 8 bits.
        case pcmMuLaw = "pcm_mulaw"

        /// Bytes of one sample of one channel.
        public var bytesPerSample: Int {
            switch self {
            case .pcmS16LE: 2
            case .pcmF32LE: 4
            case .pcmMuLaw: 1
            }
        }
    }

    /// Sample rates that a server takes, in Hz.
    public static let sampleRates = 8_000...48_000
    /// Numbers of channels that a server takes; two are mixed to one.
    public static let channelCounts = 1...2

    /// How one sample is written.
    public var encoding: Encoding
    /// Samples of each channel in a second.
    public var sampleRate: Int
    /// 1 or 2.
    public var channels: Int

    /// Creates a format.
    public init(encoding: Encoding = .pcmS16LE, sampleRate: Int = 16_000, channels: Int = 1) {
        self.encoding = encoding
        self.sampleRate = sampleRate
        self.channels = channels
    }

    /// Bytes of one sample of all channels; the length of every frame is a multiple of it.
    public var bytesPerFrame: Int { encoding.bytesPerSample * channels }

    /// Bytes of one second.
    public var bytesPerSecond: Int { bytesPerFrame * sampleRate }

    private enum CodingKeys: String, CodingKey {
        case encoding, sampleRate, channels
    }

    /// Reads a format; what is absent or `null` has its default.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let standard = AudioFormat()
        encoding = try container.decodeIfPresent(Encoding.self, forKey: .encoding) ?? standard.encoding
        func number(_ key: CodingKeys, in range: ClosedRange<Int>, _ unit: String) throws -> Int? {
            guard let number = try container.decodeIfPresent(Int.self, forKey: key) else { return nil }
            guard range.contains(number) else {
                let rule = "must be \(range.lowerBound) to \(range.upperBound)\(unit)"
                throw MessageError(at: decoder.codingPath + [key], rule)
            }
            return number
        }
        sampleRate = try number(.sampleRate, in: Self.sampleRates, " Hz") ?? standard.sampleRate
        channels = try number(.channels, in: Self.channelCounts, "") ?? standard.channels
    }
}
