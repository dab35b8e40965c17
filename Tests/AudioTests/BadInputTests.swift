import Audio
import Foundation
import Testing

/// Whatever is given, the answer is audio or one clear line.
@Suite struct BadInputTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func error(_ path: String) throws -> AudioError {
        let error = try #require(throws: AudioError.self) { try AudioFile.read(path) }
        #expect(!error.message.contains("\n"))
        #expect(error.message.contains(path))
        #expect("\(error)" == error.message)
        return error
    }

    @Test func aMissingFile() throws {
        let error = try error(directory.path("missing.wav"))
        #expect(error.code == .fileNotFound)
        #expect(error.message.hasSuffix(": no such file; check the spelling of the path"))
    }

    @Test func aDirectory() throws {
        #expect(try error(directory.url.path).code == .notAFile)
    }

    @Test func aDevice() throws {
        #expect(try error("/dev/zero").code == .notAFile)
    }

    @Test func anEmptyFile() throws {
        let error = try error(directory.file("empty.wav", Data()))
        #expect(error.code == .empty)
        #expect(error.message.contains("0 bytes"))
        #expect(throws: AudioError.self) { try AudioFile.read(Data()) }
    }

    @Test(.enabled(if: geteuid() != 0, "root may read everything"))
    func aFileThatMustNotBeRead() throws {
        let path = try directory.sound("secret.wav", [0.5], format: Format.wav)
        try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
        let error = try error(path)
        #expect(error.code == .notReadable)
        #expect(error.message.contains("chmod +r"))
    }

    @Test(arguments: ["noise.wav", "noise.flac", "noise.mp3", "noise.ogg", "noise"])
    func aFileOfNoise(name: String) throws {
        var state: UInt32 = 1
        let noise = Data(
            (0..<100_000).map { _ in
                state = state &* 1_664_525 &+ 1_013_904_223
                return UInt8(state >> 24)
            })
        #expect([.damaged, .unknownFormat].contains(try error(directory.file(name, noise)).code))
    }

    @Test(arguments: ["wav", "flac", "ogg"])
    func aFileThatBreaksOffInItsHeader(name: String) throws {
        let format = ["wav": Format.wav, "flac": Format.flac, "ogg": Format.vorbis][name] ?? 0
        let whole = try Data(
            contentsOf: URL(filePath: directory.sound("whole.\(name)", voice(seconds: 1), format: format)))
        let error = try error(directory.file("cut.\(name)", whole.prefix(30)))
        #expect([.damaged, .unknownFormat, .noSamples].contains(error.code))
    }

    @Test func aSoundFileOfNoLength() throws {
        let error = try error(directory.sound("nothing.wav", [], format: Format.wav))
        #expect(error.code == .noSamples)
        #expect(error.message.contains("holds no audio"))
    }

    @Test(arguments: [8_000, 16_000, 44_100, 192_000] as [Double])
    func aSingleSample(rate: Double) throws {
        let path = try directory.sound("one.wav", [0.5], rate: rate, format: Format.wav)
        #expect((1...2).contains(try AudioFile.read(path).samples.count))
    }

    @Test func samplesThatAreNoNumbers() throws {
        var samples = voice(seconds: 1)
        for index in [100, 200, 300] { samples[index] = .nan }
        samples[400] = -.infinity
        let clip = try AudioFile.read(directory.sound("odd.wav", samples, format: Format.floatWav))
        #expect(clip.samples[100] == 0 && clip.samples[400] == 0)
        #expect(clip.samples[101] == samples[101])
        #expect(clip.warnings == [.notFinite(count: 4)])
        #expect(clip.warnings.first?.description.hasPrefix("4 samples are not a number") == true)
    }

    @Test func samplesBeyondFullScaleAreClippedAndTold() throws {
        let path = try directory.sound("loud.wav", [0.5, 1.5, -20_000, -0.5], format: Format.floatWav)
        let clip = try AudioFile.read(path)
        #expect(clip.samples == [0.5, 1, -1, -0.5])
        #expect(clip.warnings == [.clipped(peak: 20_000)])
    }

    @Test(arguments: [
        ("cut.flac", Format.flac), ("cut.mp3", Format.mp3), ("cut.ogg", Format.vorbis), ("cut.opus", Format.opus),
    ])
    func aTruncatedFileGivesWhatIsThereAndAWarning(name: String, format: Int) throws {
        let whole = try Data(
            contentsOf: URL(filePath: directory.sound("whole-\(name)", voice(seconds: 10), format: format)))
        let clip = try AudioFile.read(directory.file(name, whole.prefix(whole.count * 6 / 10)))
        #expect((3...8).contains(clip.duration))
        let half = Array(voice(seconds: 10).prefix(clip.samples.count))
        #expect(likeness(clip.samples, half) > 0.98)
        #expect(!clip.warnings.isEmpty)
        #expect(clip.warnings.allSatisfy { !$0.description.contains("\n") })
    }

    @Test func aFileDamagedInTheMiddleGoesOn() throws {
        let path = try directory.sound("whole.flac", voice(seconds: 10), format: Format.flac)
        var data = try Data(contentsOf: URL(filePath: path))
        let middle = data.count / 2
        data.replaceSubrange(middle..<(middle + 500), with: Data(repeating: 0x55, count: 500))
        let clip = try AudioFile.read(directory.file("damaged.flac", data))
        #expect(clip.duration > 4)
        #expect(!clip.warnings.isEmpty)
    }

    @Test func withoutFFmpegTheMessageNamesIt() throws {
        let path = try directory.file("talk.m4a", Data("\0\0\0\u{20}ftypM4A not really".utf8))
        let error = try #require(throws: AudioError.self) { try AudioReader(path: path, ffmpeg: nil) }
        #expect(error.code == .unknownFormat)
        #expect(error.message.contains("install it (apt-get install ffmpeg)"))
        #expect(FFmpeg.installed(searchPath: directory.url.path) == nil)
    }

    @Test(.enabled(if: Tool.isInstalled("ffmpeg")))
    func aRateBeyondReason() throws {
        let error = try error(directory.sound("slow.wav", [0.1, 0.2], rate: 100, format: Format.wav))
        #expect(error.code == .unsupportedRate)
    }
}
