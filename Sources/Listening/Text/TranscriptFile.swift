import Audio
import Foundation
package import SoriProtocol

/// A file with a transcript that grows. Each piece is appended with one write, so that whoever reads the file meanwhile,
/// or finds it after a crash, has a whole one.
package struct TranscriptFile: Sendable {
    private let path: String
    private let file: FileHandle
    private var transcript: LiveTranscript
    private var isBegun = false

    /// Makes sure that the file can be written, and creates it; what it holds stays until ``begin()``.
    ///
    /// - Parameter replaces: whether a file that is there already may be emptied.
    /// - Throws: ``LiveError`` if it cannot be written, or there is one with something in it.
    package init(path: String, format: LiveTranscript.Format, replaces: Bool = false) throws {
        let descriptor = FileName.withPath(path) { open($0, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666) }
        guard descriptor >= 0 else {
            throw LiveError("\(path) cannot be written (\(String(cString: strerror(errno)))); choose another place")
        }
        file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        self.path = path
        transcript = LiveTranscript(format: format)
        guard replaces || length == 0 else {
            throw LiveError("\(path) is there already; choose another name, or replace it with --overwrite")
        }
    }

    /// Empties the file and writes what stands before the first utterance; once, and by itself with the first utterance.
    package mutating func begin() throws {
        guard !isBegun else { return }
        isBegun = true
        guard length == 0 || ftruncate(file.fileDescriptor, 0) == 0 else {
            throw LiveError("\(path) cannot be emptied (\(String(cString: strerror(errno)))); choose another name")
        }
        try write(transcript.opening)
    }

    /// Adds an utterance.
    package mutating func append(_ final: ServerMessage.Final) throws {
        try begin()
        try write(transcript.append(final))
    }

    /// Marks sound that has no captions.
    package mutating func appendGap(from start: Double, to end: Double) throws {
        try begin()
        try write(transcript.appendGap(from: start, to: end))
    }

    /// Bytes that are in the file; a pipe or a device has no past.
    private var length: Int {
        var status = stat()
        guard fstat(file.fileDescriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return 0 }
        return Int(status.st_size)
    }

    private func write(_ text: String) throws {
        guard !text.isEmpty else { return }
        do {
            try file.write(contentsOf: Data(text.utf8))
        } catch {
            throw LiveError("\(path) cannot be written (\(error.localizedDescription)); is there room on the disk?")
        }
    }
}
