import Foundation
import Synchronization
import Terminal
import Whisper

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
    private let files: [String]
    private let directory: URL?
    private let state = Mutex(State())

    /// - Throws: ``CommandError`` when the folder cannot be made, or two recordings would have one result.
    init(format: TranscriptFormat, directory: String?, files: [String]) throws {
        self.format = format
        self.files = files
        self.directory = directory.map { URL(fileURLWithPath: $0, isDirectory: true) }
        guard let folder = self.directory else { return }
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw CommandError("cannot make the folder \(folder.path); choose another with --output-dir")
        }
        let names = files.indices.map { name(of: $0) }
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
            let target = directory.appending(path: name(of: file))
            do {
                try Data(format.render(transcript).utf8).write(to: target, options: .atomic)
            } catch {
                throw CommandError("cannot write \(target.path): \(error.localizedDescription)")
            }
            return
        }
        let text = try format.render(transcript)
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
            if files.count > 1, format == .text, !text.isEmpty { ready += "== \(files[state.next])\n" }
            ready += text
            state.next += 1
        }
        return ready
    }

    private func name(of file: Int) -> String {
        let name = files[file] == "-" ? "standard-input" : URL(fileURLWithPath: files[file]).lastPathComponent
        return URL(fileURLWithPath: name).deletingPathExtension().lastPathComponent + "." + format.fileExtension
    }

    /// Writes to standard output as long as it takes anything.
    private func put(_ text: String) {
        guard failure == nil else { return }
        do { try StandardOutput.write(text) } catch { state.withLock { $0.failure = error } }
    }
}
