import Foundation

/// Sound of a known format that is heard while it comes, from a pipe that may stay open.
///
/// WAV and MP3 are decoded here; everything else goes through a running `ffmpeg`, or, where the table of contents stands
/// at the end, is read to its end first.
final class StreamSource: DecoderSource {
    let duration: Double? = nil

    private let handle: FileHandle
    private let name: String
    private let ffmpeg: FFmpeg?
    /// What remains of a WAV file when its sound has ended.
    private var rest: WaveRest?
    private var stored: StoredSource?
    private var isFirst = true

    /// Bytes that show whether a format is known.
    private static let enough = 4_096
    /// Bytes in front of the samples of a WAV file, or with the description of an MP4 file.
    private static let longestHead = 1 << 20

    /// Opens nothing yet: ``next()`` waits for the first bytes.
    init(_ handle: FileHandle, name: String, ffmpeg: FFmpeg?) {
        (self.handle, self.name, self.ffmpeg) = (handle, name, ffmpeg)
    }

    func next() throws -> OpenPart? {
        if let stored { return try stored.next() }
        if isFirst {
            isFirst = false
            return OpenPart(decoder: try open(first: [], DescriptorReader(handle, name: name)))
        }
        guard let wave = rest else { return nil }
        rest = nil
        switch try wave.follower() {
        case .nothing: return nil
        case .file(let first): return OpenPart(decoder: try open(first: first, wave.stream.reader))
        case .sound(let first):
            let body = StreamBytes(wave.stream.reader, first: first, count: StreamBytes.endless)
            let decoder = sound(of: wave.layout, from: body, isOpen: true)
            return decoder.map { OpenPart(decoder: $0, warnings: [.unknownLength]) }
        }
    }

    func rescue(after seconds: Double) throws -> (any SoundDecoder)? { nil }

    private func open(first: [UInt8], _ reader: DescriptorReader) throws -> any SoundDecoder {
        var bytes = first
        let kind = try recognize(&bytes, reader)
        switch kind {
        case .wave:
            if let decoder = try wave(&bytes, reader) { return decoder }
        case .mpeg:
            var first = bytes[...]
            let decoder = try MPEGSound { limit in
                guard first.isEmpty else {
                    defer { first = first.dropFirst(limit) }
                    return Array(first.prefix(limit))
                }
                return try reader.some(limit)
            }
            guard let decoder else { throw AudioError.damaged(name, detail: "no frame of MPEG audio can be decoded") }
            return decoder
        case .iso:
            // What is made to be streamed announces it before the first samples.
            func has(_ name: String) -> Bool { Data(bytes).range(of: Data(name.utf8)) != nil }
            while bytes.count < Self.longestHead, !has("mvex"), !has("mdat") {
                let more = try reader.some(Self.enough)
                guard !more.isEmpty else { break }
                bytes += more
            }
            if has("mvex") { break }
            let data = Data(bytes) + (try reader.all())
            let source = try StoredSource(MemoryBytes(data), path: nil, name: name, ffmpeg: ffmpeg)
            stored = source
            if let part = try source.next() { return part.decoder }
        case .ogg, .flac, .other: break
        }
        guard ffmpeg != nil else {
            throw AudioError(
                .unknownFormat,
                "\(name) is in a format that only ffmpeg can hear while it comes, and ffmpeg is not installed; "
                    + "install it (apt-get install ffmpeg), or send WAV or MP3")
        }
        return try FFmpegSound(StreamPump(handle, first: bytes), name: name, ffmpeg: ffmpeg)
    }

    /// Reads until the format is known, or cannot be any longer.
    private func recognize(_ bytes: inout [UInt8], _ reader: DescriptorReader) throws -> SoundKind {
        while true {
            let kind = SoundKind(bytes)
            // A frame of MP3 is known by the one that follows it.
            let isClear = kind == .mpeg ? bytes.count >= 2_048 : bytes.count >= 16
            if let kind, isClear { return kind }
            let more = bytes.count < Self.enough ? try reader.some(Self.enough - bytes.count) : []
            guard more.isEmpty else {
                bytes += more
                continue
            }
            if let kind { return kind }
            guard !bytes.isEmpty else {
                throw AudioError(.empty, "nothing came through \(name); check the command in front of the pipe")
            }
            throw AudioError(
                .unknownFormat,
                "\(name) is in no format that is known by its first bytes; for raw sound give --raw, with --rate, "
                    + "--channels and --encoding")
        }
    }

    /// A WAV file of any length; `nil` when its samples are written in a way that libsndfile does not know.
    private func wave(_ bytes: inout [UInt8], _ reader: DescriptorReader) throws -> SoundFile? {
        var layout: WaveLayout?
        while true {
            layout = WaveLayout(MemoryBytes(Data(bytes)), from: 0, isStream: true)
            guard layout == nil, bytes.count < Self.longestHead else { break }
            let more = try reader.some(Self.enough)
            guard !more.isEmpty else { break }
            bytes += more
        }
        guard let layout else { return nil }
        let size = layout.isOpen ? StreamBytes.endless : layout.sound.count
        let stream = StreamBytes(reader, first: Array(bytes.dropFirst(layout.sound.lowerBound)), count: size)
        guard let decoder = sound(of: layout, from: stream, isOpen: layout.isOpen) else { return nil }
        rest = layout.isOpen ? nil : WaveRest(stream: stream, layout: layout)
        return decoder
    }

    private func sound(of layout: WaveLayout, from stream: StreamBytes, isOpen: Bool) -> SoundFile? {
        let header = layout.header(for: stream.count)
        return SoundFile(VirtualFile(stream, 0..<stream.count, header: header), isOpen: isOpen)
    }
}

/// Bytes that come once, as a store that can be read from front to back only.
private final class StreamBytes: ByteStore {
    /// A length that no recording has.
    static let endless = 1 << 56

    let count: Int
    private(set) var position = 0
    private var first: ArraySlice<UInt8>
    private var latest: [UInt8] = []
    let reader: DescriptorReader

    init(_ reader: DescriptorReader, first: [UInt8], count: Int) {
        (self.reader, self.count) = (reader, count)
        self.first = first[...]
    }

    func read(at offset: Int, into target: UnsafeMutableRawBufferPointer) -> Int {
        // Before it begins, libsndfile looks at the first samples and goes back; it looks behind the last ones, too, where
        // there is nothing yet.
        let again = Array(latest.suffix(max(position - offset, 0)))
        let missing = min(target.count, count - offset) - again.count
        guard offset + again.count == position, missing >= 0, let more = try? exactly(missing) else { return 0 }
        latest = again + more
        target.copyBytes(from: latest)
        return latest.count
    }

    /// The next bytes, also behind the end of the store.
    func exactly(_ count: Int) throws -> [UInt8] {
        var bytes = Array(first.prefix(count))
        first = first.dropFirst(bytes.count)
        if bytes.count < count { bytes += try reader.exactly(count - bytes.count) }
        position += bytes.count
        return bytes
    }

    /// Takes what was read ahead.
    func takeFirst() -> [UInt8] {
        defer { first = [] }
        return Array(first)
    }
}

/// What stands behind the samples of a WAV file in a stream.
private struct WaveRest {
    enum Follower {
        /// Chunks that are no sound, or the end.
        case nothing
        /// Another file, which begins so.
        case file([UInt8])
        /// More samples than the header promised.
        case sound([UInt8])
    }

    let stream: StreamBytes
    let layout: WaveLayout

    func follower() throws -> Follower {
        // What the decoder did not ask for.
        try skip(stream.count - stream.position)
        // Chunks begin at even places.
        if layout.sound.upperBound & 1 == 1 { try skip(1) }
        while true {
            let header = try stream.exactly(16)
            guard header.count == 16, !header.starts(with: "TAG".utf8) else { return .nothing }
            if SoundKind(header) != nil { return .file(header + stream.takeFirst()) }
            guard header[..<4].allSatisfy({ (0x20..<0x7F).contains($0) }) else {
                return .sound(header + stream.takeFirst())
            }
            let size = header[4..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
            try skip(max(size + size & 1 - 8, 0))
        }
    }

    private func skip(_ count: Int) throws {
        var left = count
        while left > 0 {
            let skipped = try stream.exactly(min(left, 1 << 16)).count
            guard skipped > 0 else { return }
            left -= skipped
        }
    }
}
