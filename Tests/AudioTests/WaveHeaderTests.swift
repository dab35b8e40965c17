import Audio
import Foundation
import Testing

/// WAV files whose headers say what is not so: what is there is heard.
@Suite struct WaveHeaderTests {
    private static let samples = voice(seconds: 2)

    private static func bytes(_ value: Int, _ size: Int) -> Data {
        Data((0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) })
    }

    private static let content: Data = {
        samples.reduce(into: Data()) { $0 += bytes(Int(($1 * 32_767).rounded()), 2) }
    }()

    /// A WAV file, whose two sizes and other chunks may be anything.
    private static func wave(
        riff: Int? = nil, size: Int? = nil, before: Data = Data(), content: Data = content, after: Data = Data()
    ) -> Data {
        let format = Data("fmt ".utf8) + bytes(16, 4) + bytes(1, 2) + bytes(1, 2) + bytes(16_000, 4) + bytes(32_000, 4)
        let body =
            Data("WAVE".utf8) + format + bytes(2, 2) + bytes(16, 2) + before
            + Data("data".utf8) + bytes(size ?? content.count, 4) + content + after
        return Data("RIFF".utf8) + bytes(riff ?? body.count, 4) + body
    }

    private static func chunk(_ name: String, _ size: Int, padded: Bool = true) -> Data {
        Data(name.utf8) + bytes(size, 4) + Data(repeating: 0x40, count: padded ? size + size % 2 : size)
    }

    private func expectAll(_ data: Data, _ warnings: [AudioWarning]) throws {
        let clip = try AudioFile.read(data)
        #expect(clip.samples.count == Self.samples.count)
        #expect(likeness(clip.samples, Self.samples) > 0.9999)
        #expect(clip.warnings == warnings)
    }

    @Test(arguments: [
        (0, 0), (36, 0), (0xFFFF_FFFF, 0xFFFF_FFFF), (0x7FFF_FFFF, 0x7FFF_FFDB), (0xFFFF_FFFF, 0xFFFF_FFDB),
        (0x8000_0024, 0x8000_0000),
    ])
    func aSizeThatWasNeverWritten(riff: Int, size: Int) throws {
        try expectAll(Self.wave(riff: riff, size: size), [.unknownLength])
    }

    @Test func aSizeThatIsTooLarge() throws {
        try expectAll(Self.wave(size: 96_000), [.truncated(promised: 3, found: 2)])
    }

    /// The header was written while the recording went on.
    @Test func aSizeThatIsTooSmall() throws {
        try expectAll(Self.wave(riff: 32_036, size: 32_000), [.longer(promised: 1, found: 2)])
    }

    @Test func theSizeOfTheWholeDoesNotMatter() throws {
        try expectAll(Self.wave(riff: 0), [])
        try expectAll(Self.wave(riff: 0xFFFF_FFFF), [])
    }

    @Test func otherChunksAreNoSound() throws {
        let odd = Self.chunk("LIST", 27) + Self.chunk("bext", 603) + Self.chunk("iXML", 1)
        try expectAll(Self.wave(before: odd, after: odd), [])
        // Some programs forget to fill up to an even length.
        try expectAll(Self.wave(before: Self.chunk("JUNK", 5, padded: false)), [])
        try expectAll(Self.wave(after: Self.chunk("LIST", 4_000).prefix(1_000)), [])
        try expectAll(Self.wave(after: Data("TAG".utf8) + Data(repeating: 0x20, count: 125)), [])
    }

    @Test func anEmptyRecordingWithChunksBehindItIsEmpty() throws {
        let data = Self.wave(content: Data(), after: Self.chunk("LIST", 400))
        let error = try #require(throws: AudioError.self) { try AudioFile.read(data) }
        #expect(error.code == .noSamples)
    }

    @Test func otherSamplesThanIntegers() throws {
        let directory = try TemporaryDirectory()
        for format in [Format.floatWav, Format.muLawWav] {
            var data = try Data(
                contentsOf: URL(filePath: directory.sound("a.wav", Self.samples, format: format)))
            let place = try #require(data.range(of: Data("data".utf8))).upperBound
            data.replaceSubrange(place..<(place + 4), with: Data(repeating: 0, count: 4))
            let clip = try AudioFile.read(data)
            #expect(likeness(Array(clip.samples.prefix(Self.samples.count)), Self.samples) > 0.999)
            #expect(clip.warnings == [.unknownLength])
        }
    }

    /// ffmpeg cannot go back on a pipe, and leaves the header as it was at the beginning.
    @Test(
        .enabled(if: Tool.isInstalled("ffmpeg")),
        arguments: [["-f", "wav"], ["-f", "wav", "-rf64", "always"], ["-f", "w64"], ["-f", "au"], ["-f", "aiff"]])
    func whatWasWrittenToAPipe(options: [String]) throws {
        let directory = try TemporaryDirectory()
        let source = try directory.file("source.wav", Self.wave())
        try Tool.run([
            "sh", "-c",
            "ffmpeg -v error -i \(source) \(options.joined(separator: " ")) - | cat > \(directory.path("piped"))",
        ])
        let clip = try AudioFile.read(directory.path("piped"))
        #expect(likeness(clip.samples, Self.samples) > 0.9999)
        #expect(abs(clip.duration - 2) < 0.001)
    }
}
