/// Reads the Matroska that `ffmpeg` writes: one track of floating-point samples, each block with its time.
/// https://www.rfc-editor.org/rfc/rfc9559
struct MatroskaStream {
    private let input: DescriptorReader
    private var sampleRate = 0.0
    private var channels = 1
    private var clusterTime = 0.0

    /// The elements that matter.
    private enum Element {
        static let sampleRate: UInt64 = 0xB5
        static let channels: UInt64 = 0x9F
        static let clusterTime: UInt64 = 0xE7
        static let blocks: Set<UInt64> = [0xA3, 0xA1]
        /// Segment, Tracks, TrackEntry, Audio, Cluster, BlockGroup: what is in them is read as if it stood outside.
        static let containers: Set<UInt64> = [0x1853_8067, 0x1654_AE6B, 0xAE, 0xE1, 0x1F43_B675, 0xA0]
    }

    init(_ input: DescriptorReader) {
        self.input = input
    }

    /// The next block with samples; `nil` at the end.
    mutating func next() throws -> DecodedBlock? {
        while let name = try number(keepsMark: true), let size = try number(keepsMark: false) {
            if Element.containers.contains(name) { continue }
            // ffmpeg writes blocks of a few kilobytes.
            guard size < 1 << 30 else { return nil }
            let content = try input.exactly(Int(size))
            guard content.count == Int(size) else { return nil }
            if Element.blocks.contains(name) {
                if let block = block(content) { return block }
            } else if name == Element.sampleRate {
                sampleRate = Self.float(content)
            } else if name == Element.channels {
                channels = max(Int(clamping: Self.integer(content)), 1)
            } else if name == Element.clusterTime {
                clusterTime = Double(Self.integer(content)) / 1000
            }
        }
        return nil
    }

    /// A number of variable length: as many zero bits in front as bytes that follow, then a mark.
    private func number(keepsMark: Bool) throws -> UInt64? {
        guard let first = try input.exactly(1).first, first != 0 else { return nil }
        let count = first.leadingZeroBitCount
        let rest = try input.exactly(count)
        guard rest.count == count else { return nil }
        let head = keepsMark ? UInt64(first) : UInt64(first) & (0x7F >> UInt64(count))
        return rest.reduce(head) { $0 << 8 | UInt64($1) }
    }

    /// Track number, time within the cluster, flags, samples.
    private func block(_ content: [UInt8]) -> DecodedBlock? {
        guard content.count > 4, sampleRate > 0 else { return nil }
        let offset = Int16(bitPattern: UInt16(content[1]) << 8 | UInt16(content[2]))
        let bytes = content.count - 4
        let count = bytes / (4 * channels) * channels
        guard count > 0 else { return nil }
        let samples = content.withUnsafeBytes { bytes in
            (0..<count).map { index in
                Float(
                    bitPattern: UInt32(
                        littleEndian: bytes.loadUnaligned(fromByteOffset: 4 + 4 * index, as: UInt32.self)))
            }
        }
        return DecodedBlock(
            interleaved: samples, channels: channels, sampleRate: sampleRate, time: clusterTime + Double(offset) / 1000)
    }

    private static func integer(_ bytes: [UInt8]) -> UInt64 {
        bytes.suffix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func float(_ bytes: [UInt8]) -> Double {
        bytes.count == 4
            ? Double(Float(bitPattern: UInt32(truncatingIfNeeded: integer(bytes)))) : Double(bitPattern: integer(bytes))
    }
}
