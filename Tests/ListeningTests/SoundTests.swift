import Audio
import Foundation
import Listening
import SoriProtocol
import Synchronization
import Testing

/// What a source has brought.
private final class Basket: Sendable {
    private let state = Mutex([SoundBlock]())

    func add(_ block: SoundBlock) { state.withLock { $0.append(block) } }

    var blocks: [SoundBlock] { state.withLock { $0 } }
    var bytes: [UInt8] { blocks.flatMap(\.bytes) }
}

@Suite struct StreamSoundTests {
    private let format = AudioFormat(encoding: .pcmS16LE, sampleRate: 8_000, channels: 1)

    @Test func bytesComeInWholeSamples() async throws {
        let pipe = Pipe()
        let basket = Basket()
        let source = StreamSound(descriptor: pipe.fileHandleForReading.fileDescriptor, format: format)
        try await withThrowingTaskGroup { group in
            group.addTask { try await source.run { basket.add($0) } }
            for piece in [[1], [2, 3, 4, 5], [6]] as [[UInt8]] {
                try pipe.fileHandleForWriting.write(contentsOf: piece)
                await Task.yield()
            }
            try pipe.fileHandleForWriting.close()
            try await group.waitForAll()
        }
        #expect(basket.bytes == [1, 2, 3, 4, 5, 6])
        #expect(basket.blocks.allSatisfy { $0.bytes.count.isMultiple(of: 2) })
    }

    @Test func halfASampleAtTheEndIsLeftOut() async throws {
        let pipe = Pipe()
        try pipe.fileHandleForWriting.write(contentsOf: [1, 2, 3] as [UInt8])
        try pipe.fileHandleForWriting.close()
        let basket = Basket()
        try await StreamSound(descriptor: pipe.fileHandleForReading.fileDescriptor, format: format).run {
            basket.add($0)
        }
        #expect(basket.bytes == [1, 2])
    }

    @Test func aPipeOnWhichNothingComesKeepsNobody() async throws {
        let pipe = Pipe()
        let source = StreamSound(descriptor: pipe.fileHandleForReading.fileDescriptor, format: format)
        await #expect(throws: CancellationError.self) {
            try await withThrowingTaskGroup { group in
                group.addTask { try await source.run { _ in } }
                group.cancelAll()
                try await group.waitForAll()
            }
        }
        try pipe.fileHandleForWriting.close()
    }
}

@Suite struct FileSoundTests {
    /// A WAV file with a ramp.
    private func recording(samples: Int) throws -> String {
        var data = Data("RIFF".utf8)
        func append(_ number: Int, _ size: Int) {
            for index in 0..<size { data.append(UInt8(truncatingIfNeeded: number >> (8 * index))) }
        }
        append(36 + samples * 2, 4)
        data += Data("WAVEfmt ".utf8)
        for (number, size) in [(16, 4), (1, 2), (1, 2), (16_000, 4), (32_000, 4), (2, 2), (16, 2)] {
            append(number, size)
        }
        data += Data("data".utf8)
        append(samples * 2, 4)
        for index in 0..<samples { append(index % 1_000, 2) }
        let path = FileManager.default.temporaryDirectory.appending(path: "ListeningTests-\(UUID().uuidString).wav")
            .path
        try data.write(to: URL(filePath: path))
        return path
    }

    @Test func recordingsFollowEachOther() async throws {
        let paths = [try recording(samples: 20_000), try recording(samples: 5_000)]
        defer { paths.forEach { try? FileManager.default.removeItem(atPath: $0) } }
        let basket = Basket()
        try await FileSound(paths: paths, isFast: true).run { basket.add($0) }
        #expect(basket.bytes.count == 50_000)
        let samples = try PCM(basket.bytes, encoding: .signed16).samples
        #expect(abs(samples[777] * 32_768 - 777) <= 1 && abs(samples[20_777] * 32_768 - 777) <= 1)
    }

    @Test func atTheirOwnPaceNothingComesBeforeItIsSaid() async throws {
        let path = try recording(samples: 4_000)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let basket = Basket()
        let start = ContinuousClock.now
        try await FileSound(paths: [path], isFast: false).run { block in
            basket.add(block)
            let said = Duration.seconds(Double(basket.bytes.count) / 32_000)
            #expect(ContinuousClock.now - start >= said)
        }
        #expect(basket.bytes.count == 8_000)
        #expect(basket.blocks.allSatisfy { $0.bytes.count <= 1_280 })
    }

    @Test func aFileThatIsNotThereIsToldAtOnce() async {
        await #expect(throws: AudioError.self) { try await FileSound(paths: ["/nowhere.wav"], isFast: true).check() }
    }

    /// A check that read of a pipe would leave nothing to hear.
    @Test func aNamedPipeIsHeardWhole() async throws {
        let path = try recording(samples: 20_000)
        let pipe = path + ".pipe"
        try #require(mkfifo(pipe, 0o600) == 0)
        defer { [path, pipe].forEach { try? FileManager.default.removeItem(atPath: $0) } }
        let content = try Data(contentsOf: URL(filePath: path))
        let basket = Basket()
        async let isSent: Void = Task.detached {
            try FileHandle(forWritingTo: URL(filePath: pipe)).write(contentsOf: content)
        }.value
        let source = FileSound(paths: [pipe], isFast: false)
        try await source.check()
        try await source.run { basket.add($0) }
        try await isSent
        #expect(basket.bytes.count == 40_000)
    }

    @Test func aNamedPipeThatNobodyOpensKeepsNobody() async throws {
        let pipe = FileManager.default.temporaryDirectory.appending(path: "ListeningTests-\(UUID().uuidString)").path
        try #require(mkfifo(pipe, 0o600) == 0)
        defer { try? FileManager.default.removeItem(atPath: pipe) }
        await #expect(throws: CancellationError.self) {
            try await withThrowingTaskGroup { group in
                group.addTask { try await FileSound(paths: [pipe], isFast: true).run { _ in } }
                group.cancelAll()
                try await group.waitForAll()
            }
        }
    }

    /// What stands between the headers of two files is no sound.
    @Test func filesThatWereJoinedAreHeardWhole() async throws {
        let path = try recording(samples: 20_000)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let content = try Data(contentsOf: URL(filePath: path))
        try (content + content).write(to: URL(filePath: path))
        let basket = Basket()
        try await FileSound(paths: [path], isFast: true).run { basket.add($0) }
        #expect(basket.bytes.count == 80_000)
    }

    @Test func samplesAreWrittenLowByteFirst() {
        #expect(FileSound.signed16([0, 1, -1, 2, -2]) == [0, 0, 0xFF, 0x7F, 0x00, 0x80, 0xFF, 0x7F, 0x00, 0x80])
    }

    @Test func sixteenBitsStayWhatTheyAre() throws {
        let all: [UInt8] = (Int16.min...Int16.max).flatMap {
            [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)]
        }
        #expect(FileSound.signed16(try PCM(all, encoding: .signed16).samples) == all)
    }
}
