import Foundation

/// A recording that a running `ffmpeg` decodes: rate, channels and samples stay as they are, and each block has the time
/// that the container gives it.
final class FFmpegSound: SoundDecoder {
    let duration: Double?
    /// Where the sound ends, as the container says.
    let promisedEnd: Double?
    let origin: Double?
    let isUnfinished = false

    private let process = Process()
    private let complaints: TemporaryFile
    private let name: String
    private let path: String
    /// What must live as long as `ffmpeg` reads.
    private let kept: AnyObject?
    private var stream: MatroskaStream
    private var first: DecodedBlock?
    private var hasEnded = false
    /// The time stamp that is position 0: the first one where nobody knows better.
    private var base: Double?

    /// Starts `ffmpeg` on a file.
    ///
    /// - Parameters:
    ///   - name: stands for the file in messages.
    ///   - copy: a temporary file that shall live as long.
    /// - Throws: ``AudioError``, with code `unknownFormat` when there is no `ffmpeg`, and `noAudio` or `damaged` when it
    ///   finds no sound; `CancellationError`.
    init(path: String, name: String, ffmpeg: FFmpeg?, keeping copy: AnyObject? = nil) throws {
        let ffmpeg = try ffmpeg ?? { throw Self.missing(name) }()
        // Only text can be handed to another program; any other name gets a link.
        let link = FileName.isText(path) ? nil : try TemporaryLink(to: path)
        let path = link?.path ?? path
        let facts = try ffmpeg.facts(of: path)
        guard facts?.hasSound != false else {
            throw AudioError(.noAudio, "\(name) has no sound track; give a file with sound")
        }
        base = facts?.base
        (self.path, self.name) = (path, name)
        kept = [copy, link].compactMap(\.self) as NSArray
        duration = facts?.duration
        promisedEnd = facts?.end
        origin = facts?.origin
        complaints = try TemporaryFile()
        // Only local files: a playlist must not reach into the network.
        var arguments = ["-protocol_whitelist", "file"]
        // Time stamps come as they are: where ffmpeg corrects them, it takes holes for mistakes.
        arguments += ["-copyts", "-i", "file:\(path)", "-map", facts?.stream.map { "0:\($0)" } ?? "0:a:0"]
        stream = try Self.start(process, ffmpeg, arguments, input: FileHandle.nullDevice, complaints: complaints)
        try begin()
    }

    /// Starts `ffmpeg` on a stream that may last.
    init(_ source: StreamPump, name: String, ffmpeg: FFmpeg?) throws {
        let ffmpeg = try ffmpeg ?? { throw Self.missing(name) }()
        (path, self.name, kept) = ("pipe:0", name, source)
        (duration, promisedEnd, origin, base) = (nil, nil, nil, nil)
        complaints = try TemporaryFile()
        // It begins with what is there, and hands on each packet as it comes.
        let arguments =
            ["-protocol_whitelist", "pipe", "-probesize", "65536", "-analyzeduration", "500000"]
            + ["-i", "pipe:0", "-map", "0:a:0", "-flush_packets", "1", "-cluster_time_limit", "40"]
        stream = try Self.start(process, ffmpeg, arguments, input: source.output, complaints: complaints)
        source.start()
        try begin()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    private static func start(
        _ process: Process, _ ffmpeg: FFmpeg, _ arguments: [String], input: FileHandle, complaints: TemporaryFile
    ) throws -> MatroskaStream {
        let output = Pipe()
        process.executableURL = URL(filePath: ffmpeg.executable)
        process.arguments =
            ["-nostdin", "-hide_banner", "-loglevel", "error"] + arguments
            + ["-vn", "-sn", "-dn", "-map_metadata", "-1", "-c:a", "pcm_f32le", "-f", "matroska", "pipe:1"]
        process.standardInput = input
        process.standardOutput = output
        do {
            process.standardError = try FileHandle(forWritingTo: URL(filePath: complaints.path))
            try process.run()
        } catch {
            throw AudioError(
                .conversionFailed, "\(ffmpeg.executable) cannot be started; check that it is installed whole",
                cause: error)
        }
        return MatroskaStream(DescriptorReader(output.fileHandleForReading, name: "the output of ffmpeg"))
    }

    /// Waits for the first samples.
    private func begin() throws {
        first = try stream.next()
        guard first == nil else { return }
        let detail = complaint() ?? "ffmpeg found no sound in it"
        throw AudioError.damaged(name, detail: detail)
    }

    func next() throws -> DecodedBlock? {
        guard !hasEnded, var block = try first ?? stream.next() else {
            hasEnded = true
            return nil
        }
        first = nil
        let base = base ?? block.time ?? 0
        self.base = base
        block.time? -= base
        return block
    }

    /// Waits for the end of `ffmpeg` and returns what it complained about last.
    func complaint() -> String? {
        hasEnded = true
        process.waitUntilExit()
        let text = (try? Data(contentsOf: URL(filePath: complaints.path))) ?? Data()
        if let line = String(decoding: text, as: UTF8.self).split(whereSeparator: \.isNewline).last {
            // Neither the file's name again nor the address of ffmpeg's part that speaks, as in `[au @ 0x5579]`.
            return line.replacing("file:\(path): ", with: "").replacing("\(path): ", with: "")
                .replacing(#/\[[^\]]+ @ 0x[0-9a-f]+\] /#, with: "").trimmingCharacters(in: .whitespaces)
        }
        return process.terminationStatus == 0 ? nil : "ffmpeg ended with status \(process.terminationStatus)"
    }

    private static func missing(_ name: String) -> AudioError {
        AudioError(
            .unknownFormat,
            "\(name) is damaged or in a format that needs ffmpeg, which is not installed; "
                + "install it (apt-get install ffmpeg) or convert the file to WAV or FLAC")
    }
}

/// Another name for a file, which disappears with the last reference to it.
private final class TemporaryLink {
    let path: String

    init(to target: String) throws {
        let kind = FileName.shown(target).split(separator: "/").last?.split(separator: ".").dropFirst().last ?? "media"
        let link = FileManager.default.temporaryDirectory.appending(path: "sori-\(UUID().uuidString)").path
        path = "\(link).\(kind.filter { $0.isASCII && ($0.isLetter || $0.isNumber) })"
        let isMade = FileName.withPath(target) { target in
            guard let whole = realpath(target, nil) else { return false }
            defer { free(whole) }
            return symlink(whole, path) == 0
        }
        guard isMade else {
            throw AudioError(
                .conversionFailed, "\(FileName.shown(target)) cannot be handed to ffmpeg; give it a name in UTF-8")
        }
    }

    deinit {
        unlink(path)
    }
}
