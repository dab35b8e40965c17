/// One of a few words on the wire. A word that is none of them is answered with their list.
protocol Choice: RawRepresentable<String>, CaseIterable, Codable {}

extension Choice {
    /// Reads one of the words.
    public init(from decoder: any Decoder) throws {
        let word = try decoder.singleValueContainer().decode(String.self)
        guard let choice = Self(rawValue: word) else {
            let words = Self.allCases.map { "'\($0.rawValue)'" }
            throw MessageError(at: decoder.codingPath, "must be one of \(words.joined(separator: ", "))")
        }
        self = choice
    }
}
