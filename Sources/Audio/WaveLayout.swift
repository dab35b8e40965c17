/// Where the sound of a RIFF file lies, by what is there and not by what the header says: recorders that crash leave sizes
/// of 0, programs that write to a pipe leave the largest there is, copies break off.
struct WaveLayout {
    /// The bytes of the samples.
    private(set) var sound: Range<Int>
    /// Where another file follows that was joined to this one, or the end.
    private(set) var end: Int
    /// What is wrong with the header.
    private(set) var warning: AudioWarning?
    /// Whether the header says truly where the sound lies.
    private(set) var isIntact = true
    /// Whether the header leaves open how much sound there is, which is usual in a pipe.
    private(set) var isOpen = false

    private let isBigEndian: Bool
    private let format: [UInt8]

    /// Finds the chunks with the format and the samples, or returns `nil` if they are not there.
    ///
    /// - Parameters:
    ///   - start: where the file begins in the store.
    ///   - isStream: whether more bytes follow than can be seen.
    init?(_ store: any ByteStore, from start: Int, isStream: Bool = false) {
        let walk = ChunkWalk(store, from: start)
        guard let walk else { return nil }
        var (format, long): ([UInt8]?, Int?)
        var position = walk.first
        for _ in 0..<10_000 {
            guard let chunk = walk.chunk(at: position) else { return nil }
            switch chunk.name {
            case "fmt ": format = store.bytes(chunk.content)
            case "ds64":
                long = store.bytes(chunk.content).dropFirst(8).prefix(8).reversed().reduce(0) { $0 &<< 8 | Int($1) }
            case "data":
                guard let format, format.count >= 16 else { return nil }
                isBigEndian = walk.isBigEndian
                self.format = format
                let isLong = chunk.content.count == 0xFFFF_FFFF && long != nil
                let promised = isLong ? max(long ?? 0, 0) : chunk.content.count
                let from = chunk.content.lowerBound
                sound = from..<(from + promised)
                end = sound.upperBound
                if isStream { settleStream() } else { settle(walk, count: store.count) }
                return
            default: break
            }
            position = chunk.next
        }
        return nil
    }

    /// What is written where a length is not known yet: nothing, or as much as fits.
    private var isPlaceholder: Bool {
        sound.isEmpty || sound.count == 0xFFFF_FFFF || (0x7FFF_0000...0x8000_0000).contains(sound.count)
            || sound.count >= 1 << 60 || (0xFFFF_F000...0xFFFF_FFFF).contains(sound.count)
    }

    private mutating func settleStream() {
        guard isPlaceholder else { return }
        isOpen = true
        isIntact = false
    }

    /// Compares what the header says with what is there.
    private mutating func settle(_ walk: ChunkWalk, count: Int) {
        let available = max(count - sound.lowerBound, 0)
        let all = sound.lowerBound..<(sound.lowerBound + available)
        if sound.count > available {
            isOpen = isPlaceholder
            warning = isOpen ? .unknownLength : .truncated(promised: seconds(sound.count), found: seconds(available))
        } else {
            switch walk.follower(of: sound.upperBound) {
            case .nothing:
                end = count
                return
            case .file(let next):
                end = next
                return
            case .sound:
                guard sound.count < available else { return }
                isOpen = isPlaceholder
                warning = isOpen ? .unknownLength : .longer(promised: seconds(sound.count), found: seconds(available))
            }
        }
        isIntact = false
        sound = all
        end = count
    }

    /// So many bytes as seconds, by the rate that the header tells.
    private func seconds(_ bytes: Int) -> Double {
        let field = format[8..<12]
        let rate = (isBigEndian ? Array(field) : field.reversed()).reduce(0) { $0 << 8 | Int($1) }
        return Double(bytes) / Double(max(rate, 1))
    }

    /// A header for the samples as they are.
    ///
    /// - Parameter size: bytes of sound that it shall promise.
    func header(for size: Int) -> [UInt8] {
        func number(_ value: Int, _ size: Int) -> [UInt8] {
            let bytes = (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
            return isBigEndian ? bytes.reversed() : bytes
        }
        let isLong = size > 0xFFF0_0000
        let short = { isLong ? 0xFFFF_FFFF : $0 }
        var body = Array("WAVE".utf8)
        let padded = format + [UInt8](repeating: 0, count: format.count & 1)
        let total = 4 + (isLong ? 36 : 0) + 8 + padded.count + 8 + size
        if isLong { body += Array("ds64".utf8) + number(28, 4) + number(total, 8) + number(size, 8) + number(0, 12) }
        body += Array("fmt ".utf8) + number(format.count, 4) + padded + Array("data".utf8) + number(short(size), 4)
        return Array((isLong ? "RF64" : isBigEndian ? "RIFX" : "RIFF").utf8) + number(short(total), 4) + body
    }
}

/// The chunks of a RIFF file, or of a Sony Wave64 file, which has longer names and sizes.
private struct ChunkWalk {
    struct Chunk {
        /// The first four letters.
        let name: String
        let content: Range<Int>
        let next: Int
    }

    enum Follower {
        /// Other chunks, tags, or nothing.
        case nothing
        /// Another file, at this place.
        case file(Int)
        /// Bytes that are no chunk.
        case sound
    }

    let isBigEndian: Bool
    let first: Int
    private let store: any ByteStore
    private let isWave64: Bool

    init?(_ store: any ByteStore, from start: Int) {
        let head = String(decoding: store.bytes(start..<(start + 4)), as: UTF8.self)
        guard ["RIFF", "RIFX", "RF64", "BW64", "riff"].contains(head) else { return nil }
        self.store = store
        isBigEndian = head == "RIFX"
        isWave64 = head == "riff"
        first = start + (isWave64 ? 40 : 12)
    }

    func chunk(at position: Int) -> Chunk? {
        let header = store.bytes(position..<(position + (isWave64 ? 24 : 8)))
        guard header.count == (isWave64 ? 24 : 8), header[..<4].allSatisfy({ (0x20..<0x7F).contains($0) }) else {
            return nil
        }
        let name = String(decoding: header[..<4], as: UTF8.self)
        let field = header[(isWave64 ? 16 : 4)...]
        let size = (isBigEndian ? Array(field) : field.reversed()).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let start = position + header.count
        // Of Wave64 the header counts too.
        let length = Int(min(isWave64 ? size < 24 ? 0 : size - 24 : size, 1 << 60))
        let unit = isWave64 ? 8 : 2
        var next = start + (length + unit - 1) / unit * unit
        // Some programs forget to pad.
        if length & 1 == 1, !isWave64, !isName(at: next), isName(at: start + length) { next = start + length }
        return Chunk(name: name, content: start..<(start + length), next: next)
    }

    private func isName(at position: Int) -> Bool {
        let name = store.bytes(position..<(position + 4))
        return name.count == 4 && name.allSatisfy { (0x20..<0x7F).contains($0) }
    }

    /// What stands behind the samples.
    func follower(of end: Int) -> Follower {
        var position = isWave64 ? (end + 7) / 8 * 8 : end
        if !isWave64, end & 1 == 1 || !isName(at: position), isName(at: position + 1) { position += 1 }
        while position < store.count {
            let rest = store.bytes(position..<(position + 16))
            if [.wave, .ogg, .flac].contains(SoundKind(rest)) { return .file(position) }
            let text = String(decoding: rest.prefix(4), as: UTF8.self)
            if text.hasPrefix("TAG") || text.hasPrefix("ID3") || rest.count < 8 { return .nothing }
            guard let chunk = chunk(at: position), chunk.content.upperBound <= store.count || Self.known.contains(text)
            else { return .sound }
            position = chunk.next
        }
        return .nothing
    }

    /// Chunks that may stand behind the samples even if they break off.
    private static let known: Set = [
        "LIST", "id3 ", "bext", "fact", "cue ", "smpl", "JUNK", "PAD ", "FLLR", "iXML", "_PMX",
    ]
}
