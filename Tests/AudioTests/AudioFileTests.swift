import Audio
import CSndFile
import Foundation
import Testing

@Suite struct AudioFileTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    @Test(arguments: [8_000, 44_100, 48_000, 192_000] as [Double])
    func aToneKeepsItsPitchLevelAndLength(rate: Double) throws {
        let path = try directory.sound(
            "tone.wav", sine(440, rate: rate, count: Int(rate)), rate: rate, format: Format.floatWav)
        let clip = try AudioFile.read(path)
        let fit = ToneFit(clip.samples, frequency: 440)
        #expect(abs(fit.amplitude - 0.5) < 0.0005)
        #expect(fit.purity > 80)
        #expect(clip.duration == 1)
        #expect(clip.warnings == [])
    }

    /// Format, sample rate, and how alike the decoded signal must be.
    @Test(arguments: [
        ("a.wav", Format.wav, 16_000, 0.999999), ("b.wav", Format.floatWav, 48_000, 0.999999),
        ("c.wav", Format.muLawWav, 16_000, 0.999), ("d.flac", Format.flac, 44_100, 0.999999),
        ("e.ogg", Format.vorbis, 44_100, 0.99), ("f.opus", Format.opus, 48_000, 0.99),
        ("g.mp3", Format.mp3, 44_100, 0.99), ("h.mp3", Format.mp3, 16_000, 0.99),
        ("i.aiff", SF_FORMAT_AIFF | SF_FORMAT_PCM_24, 48_000, 0.999999),
        ("j.caf", SF_FORMAT_CAF | SF_FORMAT_ALAC_16, 44_100, 0.999999),
        ("k.rf64", SF_FORMAT_RF64 | SF_FORMAT_PCM_32, 22_050, 0.999999),
    ])
    func everyFormatGivesTheSameSignal(name: String, format: Int, rate: Double, alike: Double) throws {
        let path = try directory.sound(name, voice(seconds: 2, rate: rate), rate: rate, format: format)
        let expected = voice(seconds: 2)
        let clip = try AudioFile.read(path)
        #expect(likeness(clip.samples, expected) > alike)
        #expect(abs(clip.duration - 2) < 0.001)
        #expect(clip.warnings == [])
        let inMemory = try AudioFile.read(Data(contentsOf: URL(filePath: path)))
        #expect(inMemory.samples == clip.samples)
        #expect(inMemory.warnings == [])
    }

    @Test(arguments: [2, 6, 8, 16])
    func channelsAreMixedToTheirMean(channels: Int) throws {
        let ramp = (0..<4_000).map { Float($0 % 100) / 100 }
        let samples = ramp.flatMap { [$0] + [Float](repeating: $0 / 2, count: channels - 1) }
        let path = try directory.sound("many.wav", samples, channels: channels, format: Format.floatWav)
        let scale = (1 + 0.5 * Float(channels - 1)) / Float(channels)
        let expected = ramp.map { $0 * scale }
        let clip = try AudioFile.read(path)
        #expect(clip.samples.count == expected.count)
        #expect(zip(clip.samples, expected).allSatisfy { abs($0 - $1) < 1e-6 })
    }

    @Test(arguments: [1, 160, 7_777, 1_000_000])
    func blocksJoinedAreTheWholeFile(size: Int) throws {
        let path = try directory.sound(
            "voice.flac", voice(seconds: 3, rate: 44_100), rate: 44_100, format: Format.flac)
        let reader = try AudioReader(path: path)
        #expect(reader.duration == 3)
        var blocks: [[Float]] = []
        // Millions of blocks of one sample are no use to anyone; a few show that they come.
        while blocks.count < 1_000, let block = try reader.next(maximumFrames: size) { blocks.append(block) }
        #expect(blocks.dropLast().allSatisfy { $0.count == size })
        let whole = try AudioFile.read(path).samples
        let joined = Array(blocks.joined())
        #expect(joined == Array(whole.prefix(joined.count)))
        #expect(joined.count == min(whole.count, size * 1_000))
    }

    @Test func progressRunsUpToTheWholeLength() throws {
        let path = try directory.sound("long.wav", voice(seconds: 25), format: Format.wav)
        var reports: [Double] = []
        let clip = try AudioFile.read(path) { seconds, total in
            #expect(total == 25)
            reports.append(seconds)
        }
        #expect(reports.count >= 3)
        #expect(reports == reports.sorted())
        #expect(reports.last == 25)
        #expect(clip.duration == 25)
    }

    @Test func aNamedPipeIsReadToItsEnd() async throws {
        let source = try directory.sound("voice.flac", voice(seconds: 1), format: Format.flac)
        let pipe = directory.path("pipe")
        try #require(mkfifo(pipe, 0o600) == 0)
        let content = try Data(contentsOf: URL(filePath: source))
        async let clip = Task.detached { try AudioFile.read(pipe) }.value
        try await Task.detached { try FileHandle(forWritingTo: URL(filePath: pipe)).write(contentsOf: content) }.value
        #expect(try await clip.samples == AudioFile.read(source).samples)
    }

    @Test func clipsSayHowLongTheyAre() {
        #expect(AudioClip(samples: [Float](repeating: 0, count: 24_000)).duration == 1.5)
    }
}
