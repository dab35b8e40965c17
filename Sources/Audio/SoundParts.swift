/// A part of a recording that is a sound file of its own: most recordings have one, joined ones several.
struct SoundPart {
    /// Where it lies.
    var range: Range<Int>
    /// What it seems to be.
    var kind: SoundKind?
    /// What libsndfile shall read in place of a header that is wrong.
    var header: [UInt8] = []
    /// What is wrong with the header.
    var warning: AudioWarning? = nil

    /// Takes a recording apart.
    static func parts(of store: any ByteStore) -> [SoundPart] {
        let whole = 0..<store.count
        let kind = SoundKind(store)
        switch kind {
        case .wave: return waves(in: store)
        case .ogg: return ranges(from: OggLinks.starts(in: store), in: whole, kind: .ogg)
        case .flac: return ranges(from: flacs(in: store), in: whole, kind: .flac)
        default: return [SoundPart(range: whole, kind: kind)]
        }
    }

    private static func ranges(from starts: [Int], in whole: Range<Int>, kind: SoundKind) -> [SoundPart] {
        let starts = [whole.lowerBound] + starts.filter { $0 > whole.lowerBound } + [whole.upperBound]
        return zip(starts, starts.dropFirst()).map { SoundPart(range: $0..<$1, kind: kind) }
    }

    private static func waves(in store: any ByteStore) -> [SoundPart] {
        var parts: [SoundPart] = []
        var start = 0
        while start < store.count {
            guard let layout = WaveLayout(store, from: start), layout.end > start else {
                let kind = SoundKind(store.bytes(start..<(start + SoundKind.prefix)))
                return parts + [SoundPart(range: start..<store.count, kind: kind)]
            }
            if layout.isIntact {
                parts.append(SoundPart(range: start..<layout.end, kind: .wave))
            } else {
                let header = layout.header(for: layout.sound.count)
                parts.append(SoundPart(range: layout.sound, kind: .wave, header: header, warning: layout.warning))
            }
            start = layout.end
        }
        return parts
    }

    /// Where FLAC files begin: the mark, and the first block, which has always the same length.
    private static func flacs(in store: any ByteStore) -> [Int] {
        let mark = Array("fLaC".utf8) + [0, 0, 0, 34]
        var starts: [Int] = []
        var position = 1
        while let found = store.firstIndex(of: mark, from: position) {
            starts.append(found)
            position = found + mark.count
        }
        return starts
    }
}

extension SoundKind {
    /// Recognises what is in a store, also behind a long tag with pictures.
    init?(_ store: any ByteStore) {
        let head = store.bytes(0..<Self.prefix)
        let tag = head.starts(with: "ID3".utf8) ? Self.tagLength(head) : 0
        guard tag >= head.count, tag > 0 else {
            self.init(head)
            return
        }
        self = Self(store.bytes(tag..<(tag + Self.prefix))) ?? .mpeg
    }
}

/// The links of a chained Ogg file, as internet radio makes them: pages that begin a stream after others went before.
/// https://www.rfc-editor.org/rfc/rfc3533
enum OggLinks {
    /// Where links begin, the first one left out.
    static func starts(in store: any ByteStore) -> [Int] {
        var starts: [Int] = []
        var position = 0
        var isInside = false
        while position < store.count, !Task.isCancelled {
            let page = store.bytes(position..<(position + 27 + 255))
            guard page.count >= 27, page.starts(with: "OggS".utf8) else {
                guard let next = store.firstIndex(of: Array("OggS".utf8), from: position + 1) else { break }
                position = next
                continue
            }
            let begins = page[5] & 2 != 0
            if begins, isInside { starts.append(position) }
            isInside = !begins
            let segments = Int(page[26])
            position += 27 + segments + page.dropFirst(27).prefix(segments).reduce(0) { $0 + Int($1) }
        }
        return starts
    }
}
