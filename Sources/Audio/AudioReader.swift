public import Foundation

/// Reads a recording block by block as mono at 16 kHz, so that an hour need not be held in memory.
///
/// libsndfile reads WAV, FLAC, Ogg Vorbis, Opus, MP3, AIFF, CAF and more; anything else goes through the `ffmpeg`
/// command if it is installed. Channels are mixed to their mean. A reader is used by one thread at a time, and blocks
/// that thread while it reads.
public final class AudioReader {
    /// Length in seconds where the file tells it; a damaged file may be wrong about it.
    public let duration: Double?
    /// Seconds of the recording that have been decoded.
    public private(set) var position = 0.0
    /// What was odd about the recording; complete when ``next(maximumFrames:)`` has returned `nil`.
    public private(set) var warnings: [AudioWarning] = []

    private let name: String
    private let file: SoundFile
    private let ffmpeg: FFmpegStream?
    private let resampler: Resampler
    private var mixer: Mixer
    private var interleaved: [Float]
    private var framesRead = 0
    private var pending: [Float] = []
    private var ended = false

    /// Opens a file. A named pipe is read to its end first.
    ///
    /// - Throws: ``AudioError`` when there is no such file, it cannot be opened, or holds no audio.
    public convenience init(path: String) throws {
        try self.init(path: path, ffmpeg: .installed())
    }

    /// Opens a file, with the `ffmpeg` command that shall help out.
    package convenience init(path: String, ffmpeg: FFmpeg?) throws {
        let input = try InputFile(path)
        if input.isPipe {
            try self.init(data: input.readAll(), name: path, ffmpeg: ffmpeg)
        } else if let file = SoundFile(input.handle) {
            try self.init(file, name: path)
        } else {
            let stream = try FFmpegStream(path: path, name: path, ffmpeg: ffmpeg)
            try self.init(stream.open(), through: stream, name: path)
        }
    }

    /// Opens a file's content that is already in memory; `name` stands for it in messages.
    ///
    /// - Throws: ``AudioError`` when the data hold no audio.
    public convenience init(data: Data, name: String = "the audio data") throws {
        try self.init(data: data, name: name, ffmpeg: .installed())
    }

    /// Opens a file's content, with the `ffmpeg` command that shall help out.
    package convenience init(data: Data, name: String, ffmpeg: FFmpeg?) throws {
        guard !data.isEmpty else { throw AudioError.empty(name) }
        if let file = SoundFile(MemoryFile(data)) {
            try self.init(file, name: name)
        } else {
            // Many containers keep their table of contents at the end, so ffmpeg needs a file in which it can seek.
            let copy = try TemporaryFile(data)
            let stream = try FFmpegStream(path: copy.path, name: name, ffmpeg: ffmpeg, keeping: copy)
            try self.init(stream.open(), through: stream, name: name)
        }
    }

    private init(_ file: SoundFile, through ffmpeg: FFmpegStream? = nil, name: String) throws {
        self.name = name
        self.file = file
        self.ffmpeg = ffmpeg
        duration = ffmpeg.map(\.duration) ?? file.frames.map { Double($0) / file.sampleRate }
        do {
            resampler = try Resampler(from: file.sampleRate)
        } catch {
            throw AudioError(.unsupportedRate, "\(name): \(error)", cause: error)
        }
        mixer = Mixer(channels: file.channels)
        interleaved = [Float](repeating: 0, count: max(16_384 / file.channels, 64) * file.channels)
    }

    /// The next samples at 16 kHz, each in -1...1: exactly `maximumFrames` (at least 1) until the last block, which
    /// may be shorter; `nil` at the end.
    ///
    /// - Throws: ``AudioError`` when the file turns out to hold nothing that can be decoded.
    public func next(maximumFrames: Int = 160_000) throws -> [Float]? {
        let wanted = max(maximumFrames, 1)
        while pending.count < wanted, !ended {
            try decode()
        }
        guard !pending.isEmpty else { return nil }
        guard pending.count > wanted else {
            defer { pending = [] }
            return pending
        }
        defer { pending.removeFirst(wanted) }
        return Array(pending[..<wanted])
    }

    /// Decodes one block of the file into ``pending``.
    private func decode() throws {
        let frames = file.read(into: &interleaved)
        framesRead += frames
        position = Double(framesRead) / file.sampleRate
        var block: [Float]
        if frames > 0 {
            block = try resampler.process(mixer.mix(interleaved, frames: frames))
        } else {
            block = try resampler.finish()
            ended = true
            try end()
        }
        // Filters and lossy decoders overshoot a little.
        for index in block.indices {
            block[index] = min(max(block[index], -1), 1)
        }
        pending += block
    }

    /// Draws up the balance at the end of the file.
    private func end() throws {
        let complaint = ffmpeg?.finish() ?? file.complaint
        guard framesRead > 0 else {
            if let complaint { throw AudioError.damaged(name, detail: complaint) }
            if let promised = file.frames, promised > 0 { throw AudioError.damaged(name, detail: "nothing to decode") }
            throw AudioError(.noSamples, "\(name) holds no audio: it is 0 seconds long; record it again")
        }
        if let promised = duration, position < promised - max(0.1, promised * 0.001) {
            warnings.append(.truncated(promised: promised, found: position))
        } else if ffmpeg == nil, file.frames == nil {
            warnings.append(.unfinished)
        }
        if let complaint { warnings.append(.damaged(complaint)) }
        if mixer.notFiniteCount > 0 { warnings.append(.notFinite(count: mixer.notFiniteCount)) }
        // Twice full scale is no overshoot any more: the file holds floating-point samples on another scale.
        if mixer.peak > 2 { warnings.append(.clipped(peak: mixer.peak)) }
    }
}
