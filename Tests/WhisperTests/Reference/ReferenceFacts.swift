import Foundation

/// What faster-whisper finds, as `scripts/reference` wrote it down; its scripts say what each file holds.
enum ReferenceFacts {
    /// `$SORI_REFERENCE`, or the folder that `make reference` fills.
    static let folder =
        ProcessInfo.processInfo.environment["SORI_REFERENCE"].map { URL(filePath: $0) }
        ?? ReferencePython.package.appending(path: ".build-reference")

    /// Whether all of these files are there.
    static func has(_ names: String...) -> Bool {
        names.allSatisfy { FileManager.default.fileExists(atPath: file($0).path) }
    }

    /// The entries of a file.
    static func entries<Entry: Decodable>(_ name: String, as entry: Entry.Type = Entry.self) throws -> [Entry] {
        try JSONDecoder().decode(FactFile<Entry>.self, from: Data(contentsOf: file(name))).entries
    }

    static func file(_ name: String) -> URL { folder.appending(path: name + ".json") }
}

private struct FactFile<Entry: Decodable>: Decodable {
    var entries: [Entry]
}

/// Numbers in a file of their own.
struct ArrayFact: Decodable {
    var file: String
    var shape: [Int]

    /// All numbers, the last axis fastest.
    func values() throws -> [Float] {
        let data = try Data(contentsOf: ReferenceFacts.folder.appending(path: file))
        return data.withUnsafeBytes { bytes in
            (0..<bytes.count / 4).map {
                Float(bitPattern: bytes.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self))
            }
        }
    }

    /// Numbers of a table with its axes exchanged: frames of bands from bands of frames.
    func transposed() throws -> [Float] {
        let values = try values()
        let (rows, columns) = (shape[0], shape[1])
        return (0..<values.count).map { values[$0 % rows * columns + $0 / rows] }
    }
}

/// A log-mel spectrum and the samples it is made from.
struct MelFact: Decodable {
    var name: String
    var mels: Int
    var padding: String
    var samples: ArrayFact
    var mel: ArrayFact
}

/// What the encoder makes of a log-mel spectrum.
struct EncoderFact: Decodable {
    var name: String
    var positions: Int
    var mel: ArrayFact
    var output: ArrayFact
}

/// A text that was decoded from a clip padded to 30 s.
struct TextFact: Decodable {
    var audio: String
    var language: String
    /// What is said.
    var reference: String
    var seconds: Double
    var timestamps: Bool
    /// Without the end of text.
    var tokens: [Int]
    var averageLogProbability: Float
    var noSpeechProbability: Float
    var text: String
}

/// The languages that a clip is taken for; those below 0.001 are left out.
struct LanguageFact: Decodable {
    var audio: String
    var language: String
    var probabilities: [String: Float]
    var noSpeechProbability: Float
}

/// How likely two seconds of a clip hold no speech.
struct SilenceFact: Decodable {
    var audio: String
    var language: String
    var start: Double
    var noSpeechProbability: Float
}

/// A clip with the times of its words.
struct WordsFact: Decodable {
    struct Word: Decodable {
        var text: String
        var start: Double
        var end: Double
        var probability: Float
    }

    var audio: String
    var language: String
    var tokens: [Int]
    var words: [Word]
}

/// A recording of several windows.
struct RecordingFact: Decodable {
    struct Segment: Decodable {
        var start: Double
        var end: Double
        var text: String
    }

    var audio: String
    var language: String
    var cut: Double
    var conditioned: Bool
    var segments: [Segment]
}
