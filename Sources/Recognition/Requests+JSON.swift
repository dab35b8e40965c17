internal import Foundation
internal import WhisperText

/// Sound as JSON holds it: base64 of 32-bit floating-point numbers, the lowest byte first. A tenth of the size of a list
/// of numbers, and nothing is rounded.
struct EncodedSamples: Codable {
    let samples: [Float]

    init(_ samples: [Float]) { self.samples = samples }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let data = try container.decode(Data.self)
        guard data.count.isMultiple(of: 4) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "the sound ends within a sample")
        }
        samples = data.withUnsafeBytes { bytes in
            (0..<bytes.count / 4).map { index in
                Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)))
            }
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(samples.map { $0.bitPattern.littleEndian }.withUnsafeBytes { Data($0) })
    }
}

extension RecognitionRequest: Codable {
    private enum Key: String, CodingKey {
        case samples, options, context, prefix, draft, attentionThreshold, priority, languagePriors, place
    }

    /// Reads a request; what is absent has its default, so that older and newer programs understand each other.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            samples: try container.decodeIfPresent(EncodedSamples.self, forKey: .samples)?.samples ?? [],
            options: try container.decodeIfPresent(DecodingOptions.self, forKey: .options) ?? DecodingOptions(),
            context: try container.decodeIfPresent([Int].self, forKey: .context) ?? [],
            prefix: try container.decodeIfPresent([Int].self, forKey: .prefix) ?? [],
            draft: try container.decodeIfPresent([Int].self, forKey: .draft) ?? [],
            attentionThreshold: try container.decodeIfPresent(Int.self, forKey: .attentionThreshold),
            priority: try container.decodeIfPresent(RecognitionPriority.self, forKey: .priority) ?? .live,
            languagePriors: try container.decodeIfPresent([String: Float].self, forKey: .languagePriors) ?? [:],
            place: try container.decodeIfPresent(SoundPlace.self, forKey: .place))
    }

    /// Writes a request, its sound, where there is any, as base64 of 32-bit floating-point numbers.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        if !samples.isEmpty { try container.encode(EncodedSamples(samples), forKey: .samples) }
        try container.encode(options, forKey: .options)
        try container.encode(context, forKey: .context)
        try container.encode(prefix, forKey: .prefix)
        if !draft.isEmpty { try container.encode(draft, forKey: .draft) }
        try container.encodeIfPresent(attentionThreshold, forKey: .attentionThreshold)
        try container.encode(priority, forKey: .priority)
        try container.encode(languagePriors, forKey: .languagePriors)
        try container.encodeIfPresent(place, forKey: .place)
    }
}

extension DetectionRequest: Codable {
    private enum Key: String, CodingKey {
        case samples, language
    }

    /// Reads a request.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            samples: try container.decodeIfPresent(EncodedSamples.self, forKey: .samples)?.samples ?? [],
            language: try container.decodeIfPresent(String.self, forKey: .language))
    }

    /// Writes a request, its sound, where there is any, as base64 of 32-bit floating-point numbers.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        if !samples.isEmpty { try container.encode(EncodedSamples(samples), forKey: .samples) }
        try container.encodeIfPresent(language, forKey: .language)
    }
}
