/// What the first bytes of a recording say about its format.
package enum SoundKind: Sendable, Equatable {
    /// RIFF in all its forms: WAV, RF64, BW64, RIFX, Sony Wave64.
    case wave
    /// Ogg, whatever is in it.
    case ogg
    /// FLAC without a container.
    case flac
    /// MPEG audio: MP3, MP2.
    case mpeg
    /// ISO media: MP4, M4A, MOV, 3GP. Most keep the table of contents at their end.
    case iso
    /// Another format that is known by its first bytes.
    case other

    /// Bytes of the beginning that are enough to tell.
    package static let prefix = 16_384

    /// Recognises a format, or returns `nil`.
    ///
    /// - Parameter bytes: the beginning of a recording, ``prefix`` bytes if there are so many.
    package init?(_ bytes: some Collection<UInt8>) {
        let bytes = Array(bytes.prefix(Self.prefix))
        func has(_ text: String, at offset: Int = 0) -> Bool {
            bytes.dropFirst(offset).starts(with: text.utf8)
        }
        if has("ID3") {
            let rest = bytes.dropFirst(Self.tagLength(bytes))
            // Nearly always MP3; where the tag is longer than what is there, one cannot look.
            self = rest.isEmpty ? .mpeg : Self(rest) ?? .mpeg
            return
        }
        let isWave = has("WAVE", at: 8) && ["RIFF", "RIFX", "RF64", "BW64"].contains { has($0) }
        if isWave || has("riff\u{2E}") {
            self = .wave
        } else if has("OggS") {
            self = .ogg
        } else if has("fLaC") {
            self = .flac
        } else if ["ftyp", "moov", "mdat", "styp", "wide"].contains(where: { has($0, at: 4) }) {
            self = .iso
        } else if Self.isMPEG(bytes) {
            self = .mpeg
        } else if Self.marks.contains(where: { bytes.dropFirst($0.offset).starts(with: $0.bytes) })
            || (bytes.count > 376 && [0, 188, 376].allSatisfy { bytes[$0] == 0x47 })
        {
            self = .other
        } else {
            return nil
        }
    }

    /// Formats that need nothing but a name here: an offset and what stands there.
    private static let marks: [(offset: Int, bytes: [UInt8])] =
        [
            "FORM", ".snd", "caff", "FLV\u{1}", "#!AMR", "MAC ", "wvpk", "TTA1", "RIFF", "MThd", "DSD ", "FRM8", "MPCK",
            "MP+", ".RMF", "Creative Voice File", "2BIT", "NIST_1A", "#!SILK",
        ].map { (0, Array($0.utf8)) } + [
            (0, [0x1A, 0x45, 0xDF, 0xA3]),  // Matroska, WebM
            (0, [0x30, 0x26, 0xB2, 0x75]),  // ASF, WMA
            (0, [0x00, 0x00, 0x01, 0xBA]),  // MPEG programme stream
            (0, [0x0B, 0x77]),  // AC-3
            (0, [0xFF, 0xF1]), (0, [0xFF, 0xF9]),  // AAC in ADTS
            (0, [0x56, 0xE0]), (0, [0x7F, 0xFE, 0x80, 0x01]),  // AAC in LOAS, DTS
        ]

    /// Length of an ID3v2 tag with its header.
    static func tagLength(_ bytes: [UInt8]) -> Int {
        guard bytes.count >= 10 else { return bytes.count }
        return 10 + bytes[6..<10].reduce(0) { $0 << 7 | Int($1 & 0x7F) }
    }

    /// Whether a frame of MPEG audio stands at the beginning, and another one behind it, as far as that can be seen.
    private static func isMPEG(_ bytes: [UInt8]) -> Bool {
        guard let length = frameLength(bytes) else { return false }
        let next = Array(bytes.dropFirst(length).prefix(4))
        return next.count < 4 ? bytes.count < length + 4 : frameLength(next) != nil || next.starts(with: "TAG".utf8)
    }

    /// Bytes of the frame whose header this is, or `nil` if it is none (ISO 11172-3, 2.4.1.3).
    private static func frameLength(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= 4, bytes[0] == 0xFF, bytes[1] & 0xE0 == 0xE0 else { return nil }
        let version = Int(bytes[1] >> 3 & 3)
        let layer = 4 - Int(bytes[1] >> 1 & 3)
        let (rateIndex, speed) = (Int(bytes[2] >> 2 & 3), Int(bytes[2] >> 4))
        guard version != 1, layer != 4, rateIndex != 3, (1...14).contains(speed) else { return nil }
        let isFirst = version == 3
        let rate = [44_100, 48_000, 32_000][rateIndex] / (isFirst ? 1 : version == 2 ? 2 : 4)
        let speeds: [Int] =
            switch (isFirst, layer) {
            case (true, 1): [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448]
            case (true, 2): [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384]
            case (true, _): [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
            case (false, 1): [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256]
            case (false, _): [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]
            }
        let padding = Int(bytes[2] >> 1 & 1)
        let bits = speeds[speed - 1] * 1000
        guard layer != 1 else { return (12 * bits / rate + padding) * 4 }
        return (layer == 3 && !isFirst ? 72 : 144) * bits / rate + padding
    }
}
