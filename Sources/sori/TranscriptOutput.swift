import Audio
import Foundation
import Subtitles
import Synchronization
import Terminal
import WhisperText

/// Where transcripts go: standard output in the order of the recordings, or a file for each.
final class TranscriptOutput: Sendable {
    private struct State {
        /// Transcripts that wait for an earlier recording.
        var waiting: [Int: String] = [:]
        var next = 0
        /// Recordings of which segments have been shown already.
        var shown: Set<Int> = []
        /// Why standard output takes nothing more.
        var failure: OutputError?
    }

    private let format: TranscriptFormat
    private let style: CueStyle?
    private let files: [String]
    /// The name of each recording's result.
    private let names: [String]
    private let directory: URL?
    private let state = Mutex(State())

    /// - Parameter style: how subtitles are cut; `nil` leaves them as the model makes them.
    /// - Throws: ``CommandError`` when the folder cannot be made, or two recordings would have one result.
    init(format: TranscriptFormat, style: CueStyle?, directory: String?, files: [String]) throws {
        self.format = format
        self.style = style
        self.files = files
        names = ResultNames.of(files, fileExtension: format.fileExtension)
        self.directory = directory.map { URL(fileURLWithPath: $0, isDirectory: true) }
        guard let folder = self.directory else { return }
        do {
            try FileName.createDirectory(folder.path)
        } catch {
            throw CommandError("cannot make the folder \(folder.path); choose another with --output-dir")
        }
        if let twice = names.first(where: { name in names.filter { $0 == name }.count > 1 }) {
            throw CommandError("two recordings would be written to \(twice); transcribe them into different folders")
        }
    }

    /// Shows a segment at once where somebody can read along: the text of a single recording.
    func show(_ segment: Segment, of file: Int) {
        guard directory == nil, format == .text, files.count == 1 else { return }
        _ = state.withLock { $0.shown.insert(file) }
        put(segment.text + "\n")
    }

    /// Why standard output takes nothing more, if that has happened.
    var failure: OutputError? { state.withLock(\.failure) }

    /// Puts a transcript in its place.
    func write(_ transcript: Transcript, of file: Int) throws {
        if let directory {
            let target = directory.appending(path: names[file])
            do {
                try FileName.write(Data(render(transcript).utf8), to: target.path)
            } catch {
                throw CommandError("cannot write \(target.path): \(error.localizedDescription)")
            }
            return
        }
        let text = try render(transcript)
        let ready = state.withLock { state in
            state.waiting[file] = state.shown.contains(file) ? "" : text
            return take(&state)
        }
        put(ready)
        if let failure { throw failure }
    }

    /// Lets the recordings after one that failed go on.
    func skip(_ file: Int) {
        put(
            state.withLock { state in
                state.waiting[file] = ""
                return take(&state)
            })
    }

    private func take(_ state: inout State) -> String {
        var ready = ""
        while let text = state.waiting.removeValue(forKey: state.next) {
            // With several recordings a reader wants to know which is which.
            if files.count > 1, format == .text, !text.isEmpty { ready += "== \(FileName.shown(files[state.next]))\n" }
            ready += text
            state.next += 1
        }
        return ready
    }

    private func render(_ transcript: Transcript) throws -> String {
        guard let style else { return try format.render(transcript) }
        return try format.render(transcript.cut(style), keepsLines: true)
    }

    /// Writes to standard output as long as it takes anything.
    private func put(_ text: String) {
        guard failure == nil else { return }
        do { try StandardOutput.write(text) } catch { state.withLock { $0.failure = error } }
    }
}

/// Names of results: those of the recordings, with another ending.
enum ResultNames {
    /// - Parameters:
    ///   - files: paths of recordings; `-` is standard input.
    ///   - fileExtension: without a dot.
    /// - Returns: a name for each. Where two differ in their ending only, both keep it.
    static func of(_ files: [String], fileExtension: String) -> [String] {
        let names = files.map { $0 == "-" ? "standard-input" : String($0.split(separator: "/").last ?? "recording") }
        let bare = names.map(withoutExtension)
        return names.indices.map { index in
            let isAlone = bare.count { $0 == bare[index] } == 1 || names.count { $0 == names[index] } > 1
            return (isAlone ? bare[index] : names[index]) + "." + fileExtension
        }
    }

    /// A name without what stands behind its last dot, if that looks like the ending of a file: `Ep. 1` has none.
    private static func withoutExtension(_ name: String) -> String {
        guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return name }
        let ending = name[name.index(after: dot)...]
        let isEnding =
            (1...5).contains(ending.count) && ending.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
        return isEnding && ending.contains(where: \.isLetter) ? String(name[..<dot]) : name
    }
}
