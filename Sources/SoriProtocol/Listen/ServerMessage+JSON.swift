extension ServerMessage: Codable {
    /// The `type` of a message.
    public enum Kind: String, Sendable, Choice {
        case ready, speech, partial, final, translation, ack, flushed, notice, error, finished
    }
    private enum Key: String, CodingKey {
        case type
    }

    /// The message's `type`.
    public var kind: Kind {
        switch self {
        case .ready: .ready
        case .speech: .speech
        case .partial: .partial
        case .final: .final
        case .translation: .translation
        case .ack: .ack
        case .flushed: .flushed
        case .notice: .notice
        case .error: .error
        case .finished: .finished
        }
    }

    /// Reads a message by its `type`; fields that are unknown are ignored.
    public init(from decoder: any Decoder) throws {
        switch try decoder.container(keyedBy: Key.self).decode(Kind.self, forKey: .type) {
        case .ready: self = .ready(try Ready(from: decoder))
        case .speech: self = .speech(try Speech(from: decoder))
        case .partial: self = .partial(try Partial(from: decoder))
        case .final: self = .final(try Final(from: decoder))
        case .translation: self = .translation(try Translation(from: decoder))
        case .ack: self = .ack(try Acknowledgement(from: decoder))
        case .flushed: self = .flushed(try Flush(from: decoder))
        case .notice: self = .notice(try Notice(from: decoder))
        case .error: self = .error(try Failure(from: decoder))
        case .finished: self = .finished(try Finish(from: decoder))
        }
    }

    /// Writes the message with its `type`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(kind, forKey: .type)
        switch self {
        case .ready(let body): try body.encode(to: encoder)
        case .speech(let body): try body.encode(to: encoder)
        case .partial(let body): try body.encode(to: encoder)
        case .final(let body): try body.encode(to: encoder)
        case .translation(let body): try body.encode(to: encoder)
        case .ack(let body): try body.encode(to: encoder)
        case .flushed(let body): try body.encode(to: encoder)
        case .notice(let body): try body.encode(to: encoder)
        case .error(let body): try body.encode(to: encoder)
        case .finished(let body): try body.encode(to: encoder)
        }
    }
}
