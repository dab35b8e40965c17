import Foundation

/// File formats in which a ``Transcript`` can be written, laid out as OpenAI's `whisper` command writes them.
///
/// Every format but JSON leaves out segments without text. Each text is on one line, but for subtitles whose lines are kept.
public enum TranscriptFormat: String, CaseIterable, Sendable {
    /// The text alone, a segment a line.
    case text
    /// The whole ``Transcript`` as a JSON object, indented, keys in alphabetical order.
    case json
    /// SubRip subtitles.
    case srt
    /// WebVTT subtitles (https://www.w3.org/TR/webvtt1/).
    case vtt
    /// A table with tabs between start, end (both in milliseconds) and text.
    case tsv

    /// What a file's name ends in, without the dot.
    public var fileExtension: String {
        self == .text ? "txt" : rawValue
    }

    /// The transcript as the content of a file, with a line end at its end unless it is empty.
    ///
    /// - Parameter keepsLines: whether line breaks in the texts stay in subtitles, or become spaces.
    /// - Throws: `EncodingError` when JSON cannot hold the transcript; never for the other formats.
    public func render(_ transcript: Transcript, keepsLines: Bool = false) throws -> String {
        let keepsLines = keepsLines && (self == .srt || self == .vtt)
        let cues = transcript.segments.compactMap { Cue($0, keepsLines: keepsLines) }
        return switch self {
        case .text: cues.map { $0.text + "\n" }.joined()
        case .json: try Self.json(transcript)
        case .srt: Self.srt(cues)
        case .vtt: Self.vtt(cues)
        case .tsv: Self.tsv(cues)
        }
    }

    private static func json(_ transcript: Transcript) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        // JSON has no such numbers, and one odd probability must not cost the transcript.
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
        return String(decoding: try encoder.encode(transcript), as: UTF8.self) + "\n"
    }

    private static func srt(_ cues: [Cue]) -> String {
        zip(1..., cues).map { number, cue in
            let start = Timestamp(milliseconds: cue.start).text(alwaysHours: true, decimalMark: ",")
            let end = Timestamp(milliseconds: cue.end).text(alwaysHours: true, decimalMark: ",")
            return "\(number)\n\(start) --> \(end)\n\(cue.textWithoutArrow)\n\n"
        }.joined()
    }

    private static func vtt(_ cues: [Cue]) -> String {
        "WEBVTT\n\n"
            + cues.map { cue in
                let start = Timestamp(milliseconds: cue.start).text(alwaysHours: false, decimalMark: ".")
                let end = Timestamp(milliseconds: cue.end).text(alwaysHours: false, decimalMark: ".")
                // Players take `<` for a tag and `&` for an entity.
                let text = cue.textWithoutArrow.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
                return "\(start) --> \(end)\n\(text)\n\n"
            }.joined()
    }

    private static func tsv(_ cues: [Cue]) -> String {
        "start\tend\ttext\n"
            + cues.map { "\($0.start)\t\($0.end)\t\($0.text.replacing("\t", with: " "))\n" }.joined()
    }
}
