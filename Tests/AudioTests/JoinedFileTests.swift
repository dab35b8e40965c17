import Audio
import CSndFile
import Foundation
import Testing

/// Files that were put together are heard to the end of the last one.
@Suite(.timeLimit(.minutes(2)))
struct JoinedFileTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    /// A second of a tone, in a file.
    private func tone(
        _ name: String, _ frequency: Double, rate: Double = 44_100, channels: Int = 1, format: Int
    ) throws -> Data {
        let samples = sine(frequency, rate: rate, count: Int(rate)).flatMap { [Float](repeating: $0, count: channels) }
        return try Data(
            contentsOf: URL(
                filePath: directory.sound(name, samples, rate: rate, channels: channels, format: format)))
    }

    /// Whether a second of a tone stands there, and lasts.
    private func expect(_ frequency: Double, in samples: ArraySlice<Float>) {
        let fit = ToneFit(Array(samples.dropFirst(2_400).prefix(11_200)), frequency: frequency)
        #expect(abs(fit.amplitude - 0.5) < 0.1, "\(fit)")
    }

    @Test(arguments: [
        ("ogg", Format.vorbis, 44_100, 22_050), ("opus", Format.opus, 48_000, 48_000),
        ("flac", Format.flac, 44_100, 16_000), ("wav", Format.wav, 44_100, 16_000),
        ("mp3", Format.mp3, 44_100, 44_100), ("mp3", Format.mp3, 44_100, 22_050),
    ])
    func bothPartsAreHeard(kind: String, format: Int, first: Double, second: Double) throws {
        for channels in [(1, 1), (1, 2), (2, 1)] {
            let parts = try [
                tone("a.\(kind)", 440, rate: first, channels: channels.0, format: format),
                tone("b.\(kind)", 1_000, rate: second, channels: channels.1, format: format),
            ]
            let clip = try AudioFile.read(directory.file("both.\(kind)", parts[0] + parts[1]))
            #expect(abs(clip.duration - 2) < 0.15, "\(channels)")
            #expect(clip.warnings == [])
            expect(440, in: clip.samples[..<16_000])
            expect(1_000, in: clip.samples.suffix(16_000))
            #expect(try AudioFile.read(parts[0] + parts[1]).samples == clip.samples)
        }
    }

    @Test func tagsInTheMiddleOfMP3AreNoSound() throws {
        let parts = try [tone("a.mp3", 440, format: Format.mp3), tone("b.mp3", 1_000, format: Format.mp3)]
        // A picture of 100 KB, and the tag of old at the end of the first file.
        var tag = Data("ID3".utf8) + Data([4, 0, 0, 0, 6, 0x1A, 0x20])
        tag += Data("APIC".utf8) + Data(repeating: 0x41, count: (6 << 14 | 0x1A << 7 | 0x20) - 4)
        let old = Data("TAG".utf8) + Data(repeating: 0x20, count: 125)
        let clip = try AudioFile.read(directory.file("tags.mp3", tag + parts[0] + old + tag + parts[1] + old))
        #expect(abs(clip.duration - 2) < 0.15)
        #expect(clip.warnings == [])
        expect(1_000, in: clip.samples.suffix(16_000))
    }

    @Test func manyLinksOfRadio() throws {
        let link = try tone("a.ogg", 440, format: Format.vorbis)
        let clip = try AudioFile.read((0..<20).reduce(Data()) { data, _ in data + link })
        #expect(abs(clip.duration - 20) < 0.1)
        expect(440, in: clip.samples.suffix(16_000))
    }

    /// Without ffmpeg nobody reads the second part.
    @Test func whatIsLeftOutIsSaid() throws {
        let part = try tone("a.ogg", 440, format: Format.vorbis)
        var broken = part
        // The second link claims to be of a codec that does not exist.
        let name = try #require(broken.range(of: Data("vorbis".utf8)))
        broken.replaceSubrange(name, with: Data("qwerty".utf8))
        let reader = try AudioReader(data: part + broken, name: "radio.ogg", ffmpeg: nil)
        var count = 0
        while let block = try reader.next() { count += block.count }
        #expect(count == 16_000)
        #expect(reader.warnings.filter(\.isLoss).count == 1)
        #expect(reader.warnings.allSatisfy { !$0.description.contains("\n") })
    }

    @Test(.enabled(if: Tool.isInstalled("ffmpeg")))
    func whereALibraryGivesUpAnotherDecoderGoesOn() throws {
        let path = try directory.sound("whole.flac", voice(seconds: 20), format: Format.flac)
        var data = try Data(contentsOf: URL(filePath: path))
        let middle = data.count / 2
        data.replaceSubrange(middle..<(middle + 3_000), with: Data(repeating: 0x55, count: 3_000))
        let clip = try AudioFile.read(directory.file("damaged.flac", data))
        // What lies behind the damage is heard, and stands where it did.
        #expect(abs(clip.duration - 20) < 0.5)
        let expected = voice(seconds: 20)
        #expect(likeness(Array(clip.samples[260_000..<300_000]), Array(expected[260_000..<300_000])) > 0.9)
        #expect(!clip.warnings.isEmpty)
    }
}
