import Audio
import Foundation
import Synchronization
import Whisper

/// Where transcripts go: standard output in the order of the recordings, or a file for each.
final class TranscriptOutput: Sendable {
    private struct State {
        /// Transcripts that wait for an earlier recording.
        var waiting: [Int: String] = [:]
        var next = 0
        /// Recordings of which segments have been shown already.
        var shown: Set<Int> = []
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
            try FileName.createDirectory(folder.path)
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
        write(segment.text + "\n")
    }

    /// Puts a transcript in its place.
    func write(_ transcript: Transcript, of file: Int) throws {
        if let directory {
            let target = directory.appending(path: name(of: file))
            do {
                try FileName.write(Data(format.render(transcript).utf8), to: target.path)
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
        write(ready)
    }

    /// Lets the recordings after one that failed go on.
    func skip(_ file: Int) {
        write(
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

    private func name(of file: Int) -> String {
        let name = files[file] == "-" ? "standard-input" : URL(fileURLWithPath: files[file]).lastPathComponent
        return URL(fileURLWithPath: name).deletingPathExtension().lastPathComponent + "." + format.fileExtension
    }

    private func write(_ text: String) {
        guard !text.isEmpty else { return }
        try? FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    }
}
