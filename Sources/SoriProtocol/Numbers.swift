// How every message of this module reads and writes its numbers. Within the module these methods shadow those of the
// standard library, also in the code that the compiler writes for Codable. Foundation alone would report a number that
// does not fit, such as 1e400, as bad JSON without the field's name, and write 1.2000000000000002 seconds.

extension KeyedDecodingContainer {
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int {
        try decode(Count.self, forKey: key).value
    }

    func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? {
        try decodeIfPresent(Count.self, forKey: key)?.value
    }

    func decode(_ type: Double.Type, forKey key: Key) throws -> Double {
        try decode(Thousandths.self, forKey: key).value
    }

    func decodeIfPresent(_ type: Double.Type, forKey key: Key) throws -> Double? {
        try decodeIfPresent(Thousandths.self, forKey: key)?.value
    }
}

extension KeyedEncodingContainer {
    mutating func encode(_ value: Double, forKey key: Key) throws {
        try encode(Thousandths(value: value), forKey: key)
    }

    mutating func encodeIfPresent(_ value: Double?, forKey key: Key) throws {
        try encodeIfPresent(value.map(Thousandths.init(value:)), forKey: key)
    }
}

/// What is counted: samples, channels, utterances.
private struct Count: Decodable {
    let value: Int

    init(from decoder: any Decoder) throws {
        value = try decoder.number(Int.self, "must be a whole number, 0 or more") { $0 >= 0 }
    }
}

/// Seconds or a probability, written with three decimals: nobody hears less than a millisecond.
private struct Thousandths: Codable {
    let value: Double

    init(value: Double) {
        self.value = value
    }

    init(from decoder: any Decoder) throws {
        value = try decoder.number(Double.self, "must be a finite number") { $0.isFinite }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode((value * 1000).rounded() / 1000)
    }
}

extension Decoder {
    /// Reads a number, and says `rule` about one that does not fit its type or its range.
    fileprivate func number<Value: Decodable>(_ type: Value.Type, _ rule: String, where fits: (Value) -> Bool) throws
        -> Value
    {
        let container = try singleValueContainer()
        do {
            let value = try container.decode(type)
            if fits(value) { return value }
        } catch let error as DecodingError {
            throw error
        } catch {
            // Foundation's own error for a number that does not fit has no public type.
        }
        throw MessageError(at: codingPath, rule)
    }
}
