internal import Audio
internal import Foundation
package import Scoring

/// Recordings with their texts, listed one JSON object a line.
package enum SpeechManifest {
    /// A recording in memory.
    package struct Clip: Sendable {
        package var path: String
        package var language: String
        /// What is said, in one or more spellings: the best counts.
        package var texts: [String]
        /// Corpus or kind.
        package var split: String
        /// Sound at 16 kHz.
        package var samples: [Float]

        package init(path: String, language: String, texts: [String], split: String, samples: [Float]) {
            self.path = path
            self.language = language
            self.texts = texts
            self.split = split
            self.samples = samples
        }

        /// Length in seconds.
        package var seconds: Double { Double(samples.count) / 16_000 }

        /// Words for English, characters for languages that put no or optional spaces between words.
        package func errorRate(of hypothesis: String) -> ErrorRate {
            let rates = texts.map { text in
                language == "en"
                    ? ErrorRate.words(reference: text, hypothesis: hypothesis, language: language)
                    : ErrorRate.characters(reference: text, hypothesis: hypothesis, language: language)
            }
            return rates.min { $0.rate < $1.rate } ?? .zero
        }
    }

    private struct Line: Decodable {
        var path: String
        var language: String
        var text: String?
        var script: String?
        var split: String?
        var seconds: Double?
    }

    /// Reads the recordings of a language, spread evenly over the list.
    ///
    /// - Parameters:
    ///   - language: code, or `none` for sound without speech.
    ///   - streams: whether to read the long recordings, or those of at most 30 s.
    /// - Throws: ``SpeechManifestError``, or the error of a recording that cannot be read.
    package static func read(_ manifest: String, language: String, limit: Int, streams: Bool = false) throws -> [Clip] {
        let url = URL(fileURLWithPath: manifest)
        guard let text = try? String(contentsOf: url, encoding: .utf8) else {
            throw SpeechManifestError("cannot read \(manifest); give a file of JSON lines with path, language and text")
        }
        let lines = try text.split(separator: "\n").map { line in
            do { return try JSONDecoder().decode(Line.self, from: Data(line.utf8)) } catch {
                throw SpeechManifestError(
                    "\(manifest) has a line that is no JSON object with path and language: \(line.prefix(60))")
            }
        }.filter { line in
            let isClip = line.split != "stream" && (line.seconds ?? 0) <= 30
            return line.language == language && (isClip != streams || language == "none")
        }
        let step = lines.count / max(1, limit) + (lines.count % max(1, limit) > 0 ? 1 : 0)
        return try stride(from: 0, to: lines.count, by: max(1, step)).map { index in
            let line = lines[index]
            let file = URL(fileURLWithPath: line.path, relativeTo: url.deletingLastPathComponent())
            return Clip(
                path: line.path, language: language, texts: [line.text, line.script].compactMap { $0 },
                split: line.split ?? "", samples: try AudioFile.read(file.path).samples)
        }
    }
}

/// A list of recordings that cannot be used, and why, in one line.
package struct SpeechManifestError: Error, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
