import Foundation

/// Gives the parts of a recording one after the other, each with a decoder.
protocol DecoderSource: AnyObject {
    /// Length in seconds of all parts where the recording tells it.
    var duration: Double? { get }
    /// Opens the next part; `nil` when there is none.
    ///
    /// - Throws: ``AudioError``, or `CancellationError`.
    func next() throws -> OpenPart?
    /// Opens the part that came last by other means, if there are any, where its decoder stopped so many seconds in.
    func rescue(after seconds: Double) throws -> (any SoundDecoder)?
}

/// A part of a recording and what decodes it.
struct OpenPart {
    let decoder: any SoundDecoder
    /// What was odd before anything was decoded.
    var warnings: [AudioWarning] = []
}

/// A recording that can be read at any place.
final class StoredSource: DecoderSource {
    let duration: Double?

    private let store: any ByteStore
    /// Where the recording lies, if it is a file.
    private let path: String?
    private let name: String
    private let ffmpeg: FFmpeg?
    private let parts: [SoundPart]
    private var index = 0
    private var first: (any SoundDecoder)?

    /// - Throws: ``AudioError`` when the first part cannot be opened.
    init(_ store: any ByteStore, path: String?, name: String, ffmpeg: FFmpeg?) throws {
        (self.store, self.path, self.name, self.ffmpeg) = (store, path, name, ffmpeg)
        parts = SoundPart.parts(of: store)
        try Task.checkCancellation()
        guard let part = parts.first else { throw AudioError.empty(name) }
        let isWhole = parts.count == 1
        let decoder = try Self.open(part, of: store, path: isWhole ? path : nil, name: name, ffmpeg: ffmpeg)
        first = decoder
        // A radio recording of a day has thousands of parts; that many are not opened to show progress.
        guard !isWhole, parts.count <= 100 else {
            duration = isWhole ? decoder.duration : nil
            return
        }
        let others = try parts.dropFirst().map { try Self.library($0, of: store)?.duration }
        duration = others.reduce(decoder.duration) { sum, next in sum.flatMap { sum in next.map { sum + $0 } } }
    }

    func next() throws -> OpenPart? {
        guard index < parts.count else { return nil }
        let part = parts[index]
        index += 1
        let warnings = [part.warning].compactMap(\.self)
        if let decoder = first {
            first = nil
            return OpenPart(decoder: decoder, warnings: warnings)
        }
        do {
            let decoder = try Self.open(part, of: store, path: nil, name: name, ffmpeg: ffmpeg)
            return OpenPart(decoder: decoder, warnings: warnings)
        } catch let error as AudioError {
            let place = "part \(index) of \(parts.count), \(part.range.count) bytes"
            guard let next = try next() else {
                return OpenPart(decoder: NoSound(), warnings: [.leftOut("\(place): \(error.message)")])
            }
            return OpenPart(decoder: next.decoder, warnings: [.leftOut("\(place): \(error.message)")] + next.warnings)
        }
    }

    func rescue(after seconds: Double) throws -> (any SoundDecoder)? {
        guard let ffmpeg, index > 0, parts[index - 1].header.isEmpty else { return nil }
        let part = parts[index - 1]
        let isWhole = parts.count == 1
        do {
            let decoder = try Self.ffmpeg(part, of: store, path: isWhole ? path : nil, name: name, ffmpeg: ffmpeg)
            return LateDecoder(decoder, from: seconds)
        } catch is AudioError {
            return nil
        }
    }

    private static func open(
        _ part: SoundPart, of store: any ByteStore, path: String?, name: String, ffmpeg: FFmpeg?
    ) throws -> any SoundDecoder {
        if let decoder = try library(part, of: store) {
            // A header that promises nothing is one that was never finished, unless all of it says the same.
            let isBelieved = (decoder as? SoundFile)?.isEmpty != true || part.kind == .wave || ffmpeg == nil
            if isBelieved { return decoder }
            if let other = try? Self.ffmpeg(part, of: store, path: path, name: name, ffmpeg: ffmpeg) { return other }
            return decoder
        }
        return try Self.ffmpeg(part, of: store, path: path, name: name, ffmpeg: ffmpeg)
    }

    /// What the libraries make of a part.
    private static func library(_ part: SoundPart, of store: any ByteStore) throws -> (any SoundDecoder)? {
        if part.kind == .mpeg {
            var position = part.range.lowerBound
            let end = part.range.upperBound
            // libsndfile would ask the same library, and let it write to the terminal.
            return try MPEGSound { limit in
                let bytes = store.bytes(position..<min(position + limit, end))
                position += bytes.count
                return bytes
            }
        }
        if let file = SoundFile(VirtualFile(store, part.range, header: part.header)) { return file }
        // It may have stumbled over a chunk that has nothing to do with the sound.
        guard part.kind == .wave, part.header.isEmpty,
            let layout = WaveLayout(store, from: part.range.lowerBound)
        else { return nil }
        let sound = layout.sound.clamped(to: part.range)
        return SoundFile(VirtualFile(store, sound, header: layout.header(for: sound.count)))
    }

    /// What `ffmpeg` makes of a part. Many containers keep their table of contents at the end, so it needs a file in
    /// which it can seek.
    private static func ffmpeg(
        _ part: SoundPart, of store: any ByteStore, path: String?, name: String, ffmpeg: FFmpeg?
    ) throws -> any SoundDecoder {
        if let path, part.header.isEmpty { return try FFmpegSound(path: path, name: name, ffmpeg: ffmpeg) }
        guard ffmpeg != nil else { return try FFmpegSound(path: "", name: name, ffmpeg: nil) }
        let copy = try TemporaryFile()
        try copy.write(part.header, then: store, part.range)
        return try FFmpegSound(path: copy.path, name: name, ffmpeg: ffmpeg, keeping: copy)
    }
}

/// A part of which nothing can be heard.
private final class NoSound: SoundDecoder {
    let duration: Double? = nil
    let isUnfinished = false
    func next() throws -> DecodedBlock? { nil }
    func complaint() -> String? { nil }
}

/// What another decoder brings from a time on.
private final class LateDecoder: SoundDecoder {
    let duration: Double?
    let isUnfinished = false
    private let decoder: any SoundDecoder
    private let start: Double

    init(_ decoder: any SoundDecoder, from start: Double) {
        (self.decoder, self.start) = (decoder, start)
        duration = decoder.duration
    }

    func next() throws -> DecodedBlock? {
        while var block = try decoder.next() {
            guard let time = block.time, time < start else { return block }
            let early = Int(((start - time) * block.sampleRate).rounded())
            guard early < block.frames else { continue }
            block.interleaved.removeFirst(early * block.channels)
            block.time = start
            return block
        }
        return nil
    }

    func complaint() -> String? { decoder.complaint() }
}
