public import Foundation

/// Reads a recording block by block as mono at 16 kHz, so that an hour need not be held in memory.
///
/// libsndfile reads WAV, FLAC, Ogg Vorbis, Opus, AIFF, CAF and more, and libmpg123 MP3; anything else goes through the
/// `ffmpeg` command if it is installed. Files that were joined are read to the end of the last one. Channels are mixed to
/// their mean, or the loudest is taken where they cancel each other. Where the container has time stamps, positions are
/// theirs. A reader is used by one thread at a time, and blocks that thread while it reads; when the task is cancelled
/// that calls it, it throws `CancellationError` within a tenth of a second.
public final class AudioReader {
    /// Length in seconds where the file tells it; a damaged file may be wrong about it.
    public let duration: Double?
    /// Seconds of the recording that have been decoded.
    public private(set) var position = 0.0
    /// What was odd about the recording; complete when ``next(maximumFrames:)`` has returned `nil`.
    public private(set) var warnings: [AudioWarning] = []

    private let name: String
    private let source: any DecoderSource
    private var part: OpenPart
    /// Where the part began, and up to where it has been decoded, in seconds; and up to where there was sound.
    private var (partStart, partEnd) = (0.0, 0.0)
    private var hasHeard = false
    private var isRescued = false
    private var timeline = Timeline()
    private var signal: MonoSignal?
    private var notFiniteCount = 0
    private var peak: Float = 0
    private var channelsCancel = false

    private var pending: [Float] = []
    /// Silence, in samples, that comes after ``pending``, before anything else is decoded.
    private var silence = 0
    /// What comes after ``silence``.
    private var held: DecodedBlock?
    private var ended = false

    /// Opens a file. A named pipe is read to its end first.
    ///
    /// - Throws: ``AudioError`` when there is no such file, it cannot be opened, or holds no audio; `CancellationError`.
    public convenience init(path: String) throws {
        try self.init(path: path, ffmpeg: .installed())
    }

    /// Opens a file, with the `ffmpeg` command that shall help out.
    package convenience init(path: String, ffmpeg: FFmpeg?) throws {
        let input = try InputFile(path)
        let name = FileName.shown(path)
        if input.isPipe {
            try self.init(data: input.readAll(), name: name, ffmpeg: ffmpeg)
        } else {
            let source = try StoredSource(FileBytes(input.handle), path: path, name: name, ffmpeg: ffmpeg)
            try self.init(source, name: name)
        }
    }

    /// Reads a descriptor to its end, such as standard input, and opens what came; the descriptor stays its owner's.
    ///
    /// - Throws: ``AudioError``; `CancellationError`.
    public convenience init(descriptor: Int32, name: String) throws {
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
        try self.init(data: InputFile(handle, name: name).readAll(), name: name)
    }

    /// Opens sound that is heard while it comes, from a pipe that may stay open: WAV, MP3, and through `ffmpeg` what it
    /// can read without going back. Waits for the first samples.
    ///
    /// - Parameter descriptor: stays its owner's.
    /// - Throws: ``AudioError``, with code `unknownFormat` when the first bytes are those of no format; `CancellationError`.
    public convenience init(streaming descriptor: Int32, name: String) throws {
        try self.init(streaming: FileHandle(fileDescriptor: descriptor, closeOnDealloc: false), name: name)
    }

    /// Opens sound that is heard while it comes from a named pipe, or a whole file.
    ///
    /// - Throws: ``AudioError``; `CancellationError`.
    public convenience init(streaming path: String) throws {
        let input = try InputFile(path)
        if input.isPipe {
            try self.init(streaming: input.handle, name: FileName.shown(path))
        } else {
            try self.init(path: path)
        }
    }

    package convenience init(streaming handle: FileHandle, name: String, ffmpeg: FFmpeg? = .installed()) throws {
        try self.init(StreamSource(handle, name: name, ffmpeg: ffmpeg), name: name)
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
        try self.init(StoredSource(MemoryBytes(data), path: nil, name: name, ffmpeg: ffmpeg), name: name)
    }

    init(_ source: any DecoderSource, name: String) throws {
        self.name = name
        self.source = source
        guard let part = try source.next() else { throw AudioError.empty(name) }
        self.part = part
        duration = source.duration
        begin(part)
    }

    /// The next samples at 16 kHz, each in -1...1: exactly `maximumFrames` (at least 1) until the last block, which
    /// may be shorter; `nil` at the end.
    ///
    /// - Throws: ``AudioError`` when the file turns out to hold nothing that can be decoded; `CancellationError`.
    public func next(maximumFrames: Int = 160_000) throws -> [Float]? {
        let wanted = max(maximumFrames, 1)
        while pending.count < wanted, !ended || silence > 0 {
            guard silence == 0 else {
                let count = min(silence, wanted - pending.count)
                pending += [Float](repeating: 0, count: count)
                silence -= count
                continue
            }
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

    /// Decodes one block into ``pending``, or goes on to the next part.
    private func decode() throws {
        if let block = held {
            held = nil
            return try hear(block)
        }
        if let block = try part.decoder.next() { return try take(block) }
        if try rescue() { return }
        endPart()
        if let next = try source.next() { return begin(next) }
        try finishSignal()
        ended = true
        try end()
    }

    private func begin(_ part: OpenPart) {
        self.part = part
        (partStart, partEnd, isRescued, timeline) = (position, position, false, Timeline())
        part.warnings.forEach(warn)
        if let origin = (part.decoder as? FFmpegSound)?.origin { warn(.lateOrigin(seconds: origin)) }
    }

    private func take(_ block: DecodedBlock) throws {
        if let time = block.time {
            let hole = timeline.silence(before: partStart + time, at: position)
            guard hole <= 0 else {
                try fill(hole)
                held = block
                return
            }
        }
        try hear(block)
    }

    private func hear(_ block: DecodedBlock) throws {
        if signal?.fits(block) != true {
            try finishSignal()
            do {
                signal = try MonoSignal(block, at: position)
            } catch {
                throw AudioError(.unsupportedRate, "\(name): \(error)", cause: error)
            }
        }
        guard let signal else { return }
        pending += try signal.process(block)
        position = signal.position
        partEnd = position
        hasHeard = true
    }

    /// Puts silence where time stamps leave a hole.
    private func fill(_ seconds: Double) throws {
        let target = position + seconds
        try finishSignal()
        // Counted from the start, so that roundings of many holes do not add up.
        let rate = Double(AudioClip.sampleRate)
        silence += Int((target * rate).rounded()) - Int((position * rate).rounded())
        position = target
    }

    /// Takes what the resampler holds back, and what there is to tell about the signal.
    private func finishSignal() throws {
        guard let signal else { return }
        pending += try signal.finish()
        notFiniteCount += signal.mixer.notFiniteCount
        peak = max(peak, signal.mixer.peak)
        channelsCancel = channelsCancel || signal.mixer.channelsCancel
        self.signal = nil
    }
}

// MARK: - The balance at the end

extension AudioReader {
    /// Where sound is missing at the end of the part, lets another decoder go on.
    private func rescue() throws -> Bool {
        guard !isRescued, !(part.decoder is FFmpegSound), isShort || part.decoder.complaint() != nil else {
            return false
        }
        isRescued = true
        guard let decoder = try source.rescue(after: partEnd - partStart), let block = try decoder.next() else {
            return false
        }
        warn(.damaged(part.decoder.complaint() ?? "a part of it could be decoded by ffmpeg alone"))
        part = OpenPart(decoder: decoder)
        try take(block)
        return true
    }

    /// Where the sound of the part should end, in seconds from its beginning.
    private var promised: Double? {
        (part.decoder as? FFmpegSound).map(\.promisedEnd) ?? part.decoder.duration
    }

    private var isShort: Bool {
        guard let promised else { return false }
        // Other containers are no more exact than their blocks.
        let slack = part.decoder is FFmpegSound ? max(0.5, promised * 0.01) : max(0.1, promised * 0.001)
        return partEnd - partStart + timeline.cut < promised - slack
    }

    private func endPart() {
        if isShort, let promised {
            warn(.truncated(promised: promised, found: partEnd - partStart))
        } else if part.decoder.isUnfinished {
            warn(.unfinished)
        }
        if let complaint = part.decoder.complaint() {
            warn(.damaged(complaint))
        }
        if let warning = timeline.warning { warn(warning) }
    }

    /// Draws up the balance at the end of the file.
    private func end() throws {
        guard hasHeard else {
            for case .damaged(let complaint) in warnings { throw AudioError.damaged(name, detail: complaint) }
            if let promised, promised > 0 { throw AudioError.damaged(name, detail: "nothing to decode") }
            throw AudioError(.noSamples, "\(name) holds no audio: it is 0 seconds long; record it again")
        }
        if notFiniteCount > 0 { warn(.notFinite(count: notFiniteCount)) }
        // Twice full scale is no overshoot any more: the file holds floating-point samples on another scale.
        if peak > 2 { warn(.clipped(peak: peak)) }
        if channelsCancel { warn(.channelsCancel) }
    }

    /// Of the hundredth part of a joined recording nobody wants to read the same.
    private func warn(_ warning: AudioWarning) {
        guard warnings.count < 8 || warning.isLoss && !warnings.contains(where: \.isLoss) else { return }
        if !warnings.contains(warning) { warnings.append(warning) }
    }
}

/// A stretch of sound that keeps its rate and its channels, on its way to mono at 16 kHz.
private final class MonoSignal {
    private(set) var mixer: Mixer
    private let resampler: Resampler
    private let sampleRate: Double
    private let start: Double
    private var frames = 0

    /// Where the sound so far ends, in seconds.
    var position: Double { start + Double(frames) / sampleRate }

    init(_ block: DecodedBlock, at start: Double) throws {
        mixer = Mixer(channels: block.channels, sampleRate: block.sampleRate)
        resampler = try Resampler(from: block.sampleRate)
        sampleRate = block.sampleRate
        self.start = start
    }

    func fits(_ block: DecodedBlock) -> Bool {
        block.channels == mixer.channels && block.sampleRate == sampleRate
    }

    func process(_ block: DecodedBlock) throws -> [Float] {
        frames += block.frames
        return Self.clipped(try resampler.process(mixer.mix(block.interleaved)))
    }

    func finish() throws -> [Float] {
        Self.clipped(try resampler.finish())
    }

    /// Filters and lossy decoders overshoot a little.
    private static func clipped(_ samples: [Float]) -> [Float] {
        samples.map { min(max($0, -1), 1) }
    }
}
