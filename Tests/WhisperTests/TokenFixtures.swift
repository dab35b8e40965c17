import Foundation
import SeededRandom
import WhisperText

/// Vocabularies and texts for the tests of tokens.
enum TokenFixtures {
    /// The bytes themselves (id = byte) and a few longer tokens; enough to see how merging works.
    static func toyTokenizer(_ longer: [String] = [], vocabularySize: Int = 51_865) -> Tokenizer {
        let bytes = (UInt8.min...UInt8.max).map { [$0] }
        return Tokenizer(vocabulary: bytes + longer.map { Array($0.utf8) }, vocabularySize: vocabularySize)
    }

    /// The tokenizer of a model on this machine, `nil` when the model is not there.
    static func tokenizer(ofModel name: String) -> Tokenizer? {
        guard let spellings = spellings(ofModel: name) else { return nil }
        let bytes = spellings.prefix(50_257).compactMap { ByteAlphabet.bytes(of: $0) ?? Array($0.utf8) }
        return Tokenizer(vocabulary: bytes, vocabularySize: spellings.count)
    }

    /// The reference's tokens, `nil` when they have not been made.
    static func facts() -> TokenFacts? {
        let folder =
            environment["SORI_REFERENCE"].map { URL(fileURLWithPath: $0) }
            ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent(".build-reference")
        guard let data = try? Data(contentsOf: folder.appendingPathComponent("tokenizer.json")) else { return nil }
        return try? JSONDecoder().decode(TokenFacts.self, from: data)
    }

    private static var environment: [String: String] { ProcessInfo.processInfo.environment }

    private static var modelsFolder: URL {
        if let folder = environment["SORI_MODELS"] { return URL(fileURLWithPath: folder) }
        let data =
            environment["XDG_DATA_HOME"].map { URL(fileURLWithPath: $0) }
            ?? FileManager.default.homeDirectoryForCurrentUser.appendingPathComponent(".local/share")
        return data.appendingPathComponent("sori/models")
    }

    /// The vocabulary as the file spells it, special tokens included.
    private static func spellings(ofModel name: String) -> [String]? {
        let folder = modelsFolder.appendingPathComponent(name)
        if let data = try? Data(contentsOf: folder.appendingPathComponent("vocabulary.json")) {
            return try? JSONDecoder().decode([String].self, from: data)
        }
        guard let data = try? Data(contentsOf: folder.appendingPathComponent("vocabulary.txt")) else { return nil }
        let lines = String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        return (lines.last == "" ? lines.dropLast() : lines[...]).map(String.init)
    }
}

/// What the reference tokenizer says; written by `scripts/reference`.
struct TokenFacts: Decodable {
    var model: String
    var strings: [Text]
    var nonSpeech: [Int]
    var words: [Words]

    struct Text: Decodable {
        /// `nil` where only the decoding is of interest.
        var text: String?
        var tokens: [Int]
        var decoded: String
    }

    struct Words: Decodable {
        var language: String
        var tokens: [Int]
        var words: [Word]
    }

    struct Word: Decodable {
        var text: String
        var tokens: [Int]
    }
}

/// Strings of many scripts, the same for the same seed.
struct TextGenerator {
    private var generator: SplitMix64

    init(seed: UInt64) {
        generator = SplitMix64(state: seed)
    }

    /// Up to 80 scalars: stretches of a script, with white space, contractions, marks and controls in between.
    mutating func next() -> String {
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...10, using: &generator) {
            let script = Self.scripts[Int.random(in: 0..<Self.scripts.count, using: &generator)]
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                if let scalar = Unicode.Scalar(UInt32.random(in: script, using: &generator)) { text.append(scalar) }
            }
            if Bool.random(using: &generator) { text.append(contentsOf: Self.glue(using: &generator)) }
        }
        return String(text)
    }

    private static func glue(using generator: inout SplitMix64) -> String.UnicodeScalarView {
        let pieces = [
            " ", "  ", "\n", "\t \r\n", "'s", "'ll ", "\u{3000}", "\u{a0}", "e\u{301}", "👩‍👩‍👧", "🇰🇷", "\u{0}",
        ]
        return pieces[Int.random(in: 0..<pieces.count, using: &generator)].unicodeScalars
    }

    private static let scripts: [ClosedRange<UInt32>] = [
        0x00...0x7f, 0x61...0x7a, 0x30...0x39, 0x20...0x2f, 0xa0...0x17f, 0x300...0x36f, 0x370...0x3ff, 0x400...0x4ff,
        0x590...0x6ff, 0x900...0x97f, 0xe00...0xe7f, 0x1100...0x11ff, 0x2000...0x206f, 0x3040...0x30ff, 0x4e00...0x9fff,
        0xac00...0xd7a3, 0xfe00...0xffff, 0x1f300...0x1faff, 0x20000...0x2a6df,
    ]
}
