import Audio
import Dispatch
import Foundation
import Synchronization
import Testing

/// Sound from a pipe that stays open.
@Suite(.timeLimit(.minutes(2)))
struct StreamingTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func file(_ kind: String, seconds: Double = 4) throws -> Data {
        let source = try directory.sound(
            "a.wav", voice(seconds: seconds, rate: 48_000), rate: 48_000, format: Format.wav)
        let path = directory.path("b.\(kind)")
        try Tool.run("ffmpeg", "-y", "-i", source, "-ac", "2", path)
        return try Data(contentsOf: URL(filePath: path))
    }

    /// Three quarters are sent while the reader is asked, and what it has to give does not wait for the rest.
    @Test(
        .enabled(if: Tool.isInstalled("ffmpeg")),
        arguments: ["wav", "w64", "flac", "ogg", "opus", "mp3", "webm", "ts", "aac"])
    func soundIsHeardWhileThePipeIsOpen(kind: String) async throws {
        let data = try file(kind)
        let pipe = Pipe()
        let recording = RecordingActor()
        let (half, rest) = (data.prefix(data.count * 3 / 4), data.suffix(data.count - data.count * 3 / 4))
        let writer = pipe.fileHandleForWriting
        // A pipe holds less than that, and threads that tasks share must not wait.
        let queue = DispatchQueue(label: "writer")
        queue.async { try? writer.write(contentsOf: half) }
        try await recording.open { try AudioReader(streaming: pipe.fileHandleForReading.fileDescriptor, name: "pipe") }
        var samples: [Float] = []
        while samples.count < 16_000, let block = try await recording.next(maximumFrames: 640) { samples += block }
        #expect(samples.count >= 16_000)
        queue.async {
            try? writer.write(contentsOf: rest)
            try? writer.close()
        }
        while let block = try await recording.next(maximumFrames: 16_000) { samples += block }
        #expect(abs(Double(samples.count) / 16_000 - 4) < 0.15)
        #expect(likeness(samples, voice(seconds: 4), shift: 800) > 0.95)
        try pipe.fileHandleForReading.close()
    }

    private func read(_ data: Data, ffmpeg: FFmpeg? = .installed()) throws -> (
        samples: [Float], warnings: [AudioWarning]
    ) {
        let path = try directory.file("stream", data)
        let pipe = Pipe()
        let cat = Process()
        cat.executableURL = URL(filePath: "/bin/cat")
        cat.arguments = [path]
        cat.standardOutput = pipe
        try cat.run()
        try pipe.fileHandleForWriting.close()
        let reader = try AudioReader(streaming: pipe.fileHandleForReading, name: "the pipe", ffmpeg: ffmpeg)
        var samples: [Float] = []
        while let block = try reader.next() { samples += block }
        return (samples, reader.warnings)
    }

    @Test func aWaveOfUnknownLength() throws {
        var data = try Data(
            contentsOf: URL(filePath: directory.sound("a.wav", voice(seconds: 2), format: Format.wav)))
        let place = try #require(data.range(of: Data("data".utf8))).upperBound
        for size in [0, 0xFFFF_FFFF, 0x7FFF_FFFF] as [UInt32] {
            data.replaceSubrange(place..<(place + 4), with: withUnsafeBytes(of: size.littleEndian) { Data($0) })
            let (samples, warnings) = try read(data, ffmpeg: nil)
            #expect(samples.count == 32_000)
            #expect(likeness(samples, voice(seconds: 2)) > 0.9999)
            // That is how streams are.
            #expect(warnings == [])
        }
    }

    @Test func wavesThatFollowEachOther() throws {
        let first = try Data(contentsOf: URL(filePath: directory.sound("a.wav", voice(seconds: 1), format: Format.wav)))
        let second = try Data(
            contentsOf: URL(
                filePath: directory.sound("b.wav", voice(seconds: 2, rate: 8_000), rate: 8_000, format: Format.floatWav)
            ))
        #expect(try read(first + second, ffmpeg: nil).samples.count == 48_000)
    }

    @Test(.enabled(if: Tool.isInstalled("ffmpeg")))
    func filesWithTheirTableAtTheEndAreReadFirst() throws {
        #expect(abs(Double(try read(file("m4a")).samples.count) / 16_000 - 4) < 0.1)
    }

    @Test func rawSoundIsToldApart() throws {
        var state: UInt32 = 7
        let noise = (0..<20_000).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return UInt8(state >> 24)
        }
        for raw in [
            Data(noise), Data(repeating: 0, count: 9_000), Data(repeating: 0xFF, count: 9_000), Data([1, 2, 3]),
        ] {
            let error = try #require(throws: AudioError.self) { try read(raw) }
            #expect(error.code == .unknownFormat)
            #expect(error.message.contains("for raw sound give --raw"))
        }
    }

    @Test func withoutFFmpegOneLineSaysSo() throws {
        let flac = try Data(
            contentsOf: URL(filePath: directory.sound("a.flac", voice(seconds: 1), format: Format.flac)))
        let error = try #require(throws: AudioError.self) { try read(flac, ffmpeg: nil) }
        #expect(error.message.contains("install it (apt-get install ffmpeg)"))
        #expect(!error.message.contains("\n"))
    }
}

/// A task that is cancelled does not wait for what it reads.
@Suite(.timeLimit(.minutes(1)))
struct ReadingCancellationTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    /// Cancels what has begun, and expects it to end for that reason.
    private func expectCancelled(_ body: @escaping @Sendable () async throws -> Void) async throws {
        let task = Task { try await body() }
        // Whether it has begun to wait or not: either way it must end.
        try await Task.sleep(for: .milliseconds(200))
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func aNamedPipeThatNobodyOpens() async throws {
        let pipe = directory.path("pipe")
        try #require(mkfifo(pipe, 0o600) == 0)
        try await expectCancelled { _ = try await AudioFile.decode(pipe) }
        try await expectCancelled {
            try await RecordingActor().open { try AudioReader(streaming: pipe) }
        }
    }

    @Test func aPipeThatStaysOpen() async throws {
        let pipe = Pipe()
        let descriptor = pipe.fileHandleForReading.fileDescriptor
        try await expectCancelled {
            try await RecordingActor().open { try AudioReader(descriptor: descriptor, name: "pipe") }
        }
        try pipe.fileHandleForWriting.write(contentsOf: Data("fLaC".utf8))
        try await expectCancelled {
            try await RecordingActor().open { try AudioReader(streaming: descriptor, name: "pipe") }
        }
        try pipe.fileHandleForWriting.close()
    }

    @Test func aRecordingOfHours() async throws {
        let path = directory.path("long.wav")
        let format = SparseWave(hours: 12)
        try format.write(to: path)
        try await expectCancelled { _ = try await AudioFile.decode(path) }
    }
}

/// A WAV file of silence that takes hardly any room on the disk.
private struct SparseWave {
    let hours: Int

    func write(to path: String) throws {
        let size = hours * 3_600 * 16_000
        func bytes(_ value: Int, _ size: Int) -> Data {
            Data((0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) })
        }
        let header =
            Data("RIFF".utf8) + bytes(size + 36, 4) + Data("WAVEfmt ".utf8) + bytes(16, 4) + bytes(1, 2) + bytes(1, 2)
            + bytes(16_000, 4) + bytes(16_000, 4) + bytes(1, 2) + bytes(8, 2) + Data("data".utf8) + bytes(size, 4)
        try header.write(to: URL(filePath: path))
        try #require(truncate(path, off_t(size + header.count)) == 0)
    }
}
