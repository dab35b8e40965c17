internal import Audio
internal import Foundation

/// Recordings with their texts, listed one JSON object a line.
package struct SpeechManifest: Sendable {
    /// What a line tells of a recording.
    private struct Line: Decodable, Sendable {
        var path: String
        var language: String
        var text: String?
        var script: String?
        var split: String?
        var seconds: Double?
        /// A JSON file with the sentences of a long recording.
        var segments: String?
    }

    private struct Segments: Decodable {
        var segments: [SpeechClip.Sentence]
    }

    private let folder: URL
    private let lines: [Line]

    /// - Throws: ``SpeechManifestError``.
    package init(_ path: String) throws {
        let url = URL(fileURLWithPath: path)
        guard let text = try? String(contentsOf: url, encoding: .utf8) else {
            throw SpeechManifestError("cannot read \(path); give a file of JSON lines with path, language and text")
        }
        folder = url.deletingLastPathComponent()
        lines = try text.split(separator: "\n").map { line in
            do { return try JSONDecoder().decode(Line.self, from: Data(line.utf8)) } catch {
                throw SpeechManifestError(
                    "\(path) has a line that is no JSON object with path and language: \(line.prefix(60))")
            }
        }
    }

    /// Reads the recordings of a language, spread evenly over the list.
    ///
    /// - Parameters:
    ///   - language: code, or `none` for sound without speech.
    ///   - streams: whether to read the long recordings, or those of at most 30 s.
    /// - Throws: the error of a recording that cannot be read.
    package func clips(language: String, limit: Int, streams: Bool = false) throws -> [SpeechClip] {
        let lines = lines.filter { line in
            let isClip = line.split != "stream" && (line.seconds ?? 0) <= 30
            return line.language == language && (isClip != streams || language == "none")
        }
        let step = lines.count / max(1, limit) + (lines.count % max(1, limit) > 0 ? 1 : 0)
        return try stride(from: 0, to: lines.count, by: max(1, step)).map { try clip(lines[$0]) }
    }

    /// Reads one recording.
    ///
    /// - Throws: ``SpeechManifestError``, or the error of a recording that cannot be read.
    package func clip(path: String) throws -> SpeechClip {
        guard let line = lines.first(where: { $0.path == path }) else {
            throw SpeechManifestError("the manifest does not list \(path); give the one that the trial was made with")
        }
        return try clip(line)
    }

    private func clip(_ line: Line) throws -> SpeechClip {
        func file(_ path: String) -> URL { URL(fileURLWithPath: path, relativeTo: folder) }
        let sentences = line.segments.flatMap { path in
            (try? Data(contentsOf: file(path))).flatMap { try? JSONDecoder().decode(Segments.self, from: $0).segments }
        }
        return SpeechClip(
            path: line.path, language: line.language, texts: [line.text, line.script].compactMap { $0 },
            split: line.split ?? "", sentences: sentences ?? [],
            samples: try AudioFile.read(file(line.path).path).samples)
    }
}

/// A list of recordings that cannot be used, and why, in one line.
package struct SpeechManifestError: Error, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
