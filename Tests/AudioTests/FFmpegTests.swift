import Audio
import Foundation
import Testing

/// Formats that libsndfile does not read.
@Suite(.enabled(if: Tool.isInstalled("ffmpeg")), .timeLimit(.minutes(2)))
struct FFmpegTests {
    private let directory: TemporaryDirectory
    private let source: String

    init() throws {
        directory = try TemporaryDirectory()
        source = try directory.sound("voice.wav", voice(seconds: 2, rate: 48_000), rate: 48_000, format: Format.wav)
    }

    @Test(arguments: ["m4a", "webm", "mka", "g722", "mov"])
    func otherContainersGoThroughFFmpeg(container: String) throws {
        let path = directory.path("voice.\(container)")
        try Tool.run("ffmpeg", "-i", source, "-ac", "1", "-ar", container == "g722" ? "16000" : "48000", path)
        let clip = try AudioFile.read(path)
        #expect(likeness(clip.samples, voice(seconds: 2), shift: 30) > 0.99)
        #expect(abs(clip.duration - 2) < 0.1)
        #expect(clip.warnings == [])
    }

    @Test func contentInMemoryGoesThroughFFmpegToo() throws {
        let path = directory.path("voice.m4a")
        try Tool.run("ffmpeg", "-i", source, path)
        let clip = try AudioFile.read(Data(contentsOf: URL(filePath: path)), name: "standard input")
        #expect(try clip.samples == AudioFile.read(path).samples)
    }

    @Test func lengthIsKnownFromTheHeader() throws {
        let path = directory.path("voice.m4a")
        try Tool.run("ffmpeg", "-i", source, path)
        let duration = try #require(AudioReader(path: path).duration)
        #expect(abs(duration - 2) < 0.1)
    }

    @Test func soundIsTakenOutOfVideo() throws {
        let path = directory.path("film.mp4")
        try Tool.run("ffmpeg", "-f", "lavfi", "-i", "color=s=64x64:d=2", "-i", source, "-c:v", "mpeg4", path)
        #expect(likeness(try AudioFile.read(path).samples, voice(seconds: 2), shift: 30) > 0.99)
    }

    @Test func aSilentFilmHasNoSoundTrack() throws {
        let path = directory.path("film.mp4")
        try Tool.run("ffmpeg", "-f", "lavfi", "-i", "color=s=64x64:d=1", "-c:v", "mpeg4", path)
        let error = try #require(throws: AudioError.self) { try AudioFile.read(path) }
        #expect(error.code == .noAudio)
        #expect(error.message == "\(path) has no sound track; give a file with sound")
    }

    @Test func aTruncatedContainerGivesWhatIsThere() throws {
        let whole = directory.path("voice.webm")
        try Tool.run("ffmpeg", "-i", source, whole)
        let data = try Data(contentsOf: URL(filePath: whole))
        let clip = try AudioFile.read(try directory.file("cut.webm", data.prefix(data.count / 2)))
        #expect((0.5...1.5).contains(clip.duration))
        #expect(clip.warnings.contains { if case .truncated = $0 { true } else { false } })
    }

    @Test func rubbishIsOneClearLine() throws {
        let rubbish = (0..<50_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3) }
        let path = try directory.file("rubbish.m4a", Data(rubbish))
        let error = try #require(throws: AudioError.self) { try AudioFile.read(path) }
        #expect(error.code == .damaged)
        #expect(error.message.hasPrefix("\(path) is not a sound file, or damaged ("))
        #expect(!error.message.contains("\n"))
    }

    @Test func aReaderCanBeLeftInTheMiddle() throws {
        let path = directory.path("long.mka")
        try Tool.run("ffmpeg", "-f", "lavfi", "-i", "sine=d=600", "-c:a", "pcm_s16le", path)
        let reader = try AudioReader(path: path)
        #expect(try reader.next(maximumFrames: 16_000)?.count == 16_000)
        #expect(try reader.next(maximumFrames: 16_000)?.count == 16_000)
        #expect(reader.position < 600)
    }

    @Test(.enabled(if: Tool.isInstalled("sox")))
    func whatSoxWritesIsReadLikewise() throws {
        for (name, alike) in [("a.flac", 0.99999), ("b.ogg", 0.99), ("c.au", 0.99999), ("d.w64", 0.99999)] {
            let path = directory.path(name)
            try Tool.run("sox", source, path)
            #expect(likeness(try AudioFile.read(path).samples, voice(seconds: 2)) > alike, "\(name)")
        }
    }
}
