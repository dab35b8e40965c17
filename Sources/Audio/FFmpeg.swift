import Foundation

/// The `ffmpeg` command, which reads what libsndfile does not.
package struct FFmpeg: Sendable {
    /// Path of the program.
    package let executable: String

    /// The first `ffmpeg` on the search path, if there is one.
    package static func installed(
        searchPath: String = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
    ) -> FFmpeg? {
        searchPath.split(separator: ":").lazy
            .map { "\($0)/ffmpeg" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
            .map(FFmpeg.init(executable:))
    }

    /// Length in seconds that `ffprobe`, ffmpeg's companion, reads from a file's header.
    func duration(of path: String) -> Double? {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: executable).deletingLastPathComponent().appending(path: "ffprobe")
        process.arguments =
            ["-v", "quiet", "-protocol_whitelist", "file"]
            + ["-show_entries", "format=duration", "-of", "csv=p=0", "file:\(path)"]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil, let text = try? output.fileHandleForReading.readToEnd() else { return nil }
        process.waitUntilExit()
        let seconds = Double(String(decoding: text, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
        return seconds.flatMap { $0.isFinite && $0 >= 0 ? $0 : nil }
    }
}

/// A file that a running `ffmpeg` turns into the simplest of sound files, Sun's AU, on a pipe: rate, channels and
/// samples stay as they are, and libsndfile reads the pipe as it reads any file.
final class FFmpegStream {
    /// Length in seconds where the file tells it.
    let duration: Double?

    private let process = Process()
    private let output = Pipe()
    private let complaints: TemporaryFile
    private let path: String
    private let name: String
    private let copy: TemporaryFile?

    /// Starts `ffmpeg` on a file, which `name` stands for in messages; a temporary file given as `keeping` lives as
    /// long as the stream.
    ///
    /// - Throws: ``AudioError`` with code `unknownFormat` when there is no `ffmpeg`.
    init(path: String, name: String, ffmpeg: FFmpeg?, keeping copy: TemporaryFile? = nil) throws {
        guard let ffmpeg else {
            throw AudioError(
                .unknownFormat,
                "\(name) is damaged or in a format that needs ffmpeg, which is not installed; "
                    + "install it (apt-get install ffmpeg) or convert the file to WAV or FLAC")
        }
        self.path = path
        self.name = name
        self.copy = copy
        duration = ffmpeg.duration(of: path)
        complaints = try TemporaryFile()
        process.executableURL = URL(filePath: ffmpeg.executable)
        // Only local files: a playlist must not reach into the network.
        process.arguments =
            ["-nostdin", "-hide_banner", "-loglevel", "error", "-protocol_whitelist", "file", "-i", "file:\(path)"]
            + ["-vn", "-sn", "-dn", "-c:a", "pcm_f32be", "-f", "au", "pipe:1"]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        do {
            process.standardError = try FileHandle(forWritingTo: URL(filePath: complaints.path))
            try process.run()
        } catch {
            throw AudioError(
                .conversionFailed, "\(ffmpeg.executable) cannot be started; check that it is installed whole",
                cause: error)
        }
    }

    deinit {
        if process.isRunning { process.terminate() }
    }

    /// Opens the decoded audio.
    ///
    /// - Throws: ``AudioError`` when `ffmpeg` finds no audio in the file.
    func open() throws -> SoundFile {
        if let file = SoundFile(output.fileHandleForReading) { return file }
        let detail = finish() ?? "ffmpeg gave no reason"
        guard !detail.contains("does not contain any stream") else {
            throw AudioError(.noAudio, "\(name) has no sound track; give a file with sound")
        }
        throw AudioError.damaged(name, detail: detail)
    }

    /// Waits for the end of `ffmpeg` and returns what it complained about, in one line.
    func finish() -> String? {
        process.waitUntilExit()
        let text = (try? Data(contentsOf: URL(filePath: complaints.path))) ?? Data()
        if let line = String(decoding: text, as: UTF8.self).split(whereSeparator: \.isNewline).last {
            // Neither the file's name again nor the address of ffmpeg's part that speaks, as in `[au @ 0x5579]`.
            return line.replacing("file:\(path): ", with: "").replacing(#/\[[^\]]+ @ 0x[0-9a-f]+\] /#, with: "")
                .trimmingCharacters(in: .whitespaces)
        }
        return process.terminationStatus == 0 ? nil : "ffmpeg ended with status \(process.terminationStatus)"
    }
}
