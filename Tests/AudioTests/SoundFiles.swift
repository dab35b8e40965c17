import CSndFile
import Foundation
import Testing

/// A directory that is removed with the last reference to it.
final class TemporaryDirectory {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "AudioTests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    func path(_ name: String) -> String { url.appending(path: name).path }

    /// Writes bytes to a file and returns its path.
    func file(_ name: String, _ content: Data) throws -> String {
        try content.write(to: url.appending(path: name))
        return path(name)
    }

    /// Writes interleaved samples with libsndfile and returns the file's path.
    func sound(
        _ name: String, _ samples: [Float], rate: Double = 16_000, channels: Int = 1, format: Int
    ) throws -> String {
        try write(name, rate: rate, channels: channels, format: format) { file in
            sf_writef_float(file, samples, Int64(samples.count / channels)) == samples.count / channels
        }
    }

    /// Writes encoded bytes below a header of libsndfile and returns the file's path.
    func sound(_ name: String, encoded bytes: [UInt8], format: Int) throws -> String {
        try write(name, rate: 16_000, channels: 1, format: format) { file in
            sf_write_raw(file, bytes, Int64(bytes.count)) == bytes.count
        }
    }

    private func write(
        _ name: String, rate: Double, channels: Int, format: Int, _ body: (OpaquePointer) -> Bool
    ) throws -> String {
        var info = SF_INFO()
        info.samplerate = Int32(rate)
        info.channels = Int32(channels)
        info.format = Int32(format)
        let file = try #require(sf_open(path(name), Int32(SFM_WRITE), &info), "libsndfile cannot write \(name)")
        let isWritten = body(file)
        #expect(sf_close(file) == 0 && isWritten)
        return path(name)
    }
}

/// Formats as libsndfile numbers them.
enum Format {
    static let wav = SF_FORMAT_WAV | SF_FORMAT_PCM_16
    static let floatWav = SF_FORMAT_WAV | SF_FORMAT_FLOAT
    static let muLawWav = SF_FORMAT_WAV | SF_FORMAT_ULAW
    static let flac = SF_FORMAT_FLAC | SF_FORMAT_PCM_16
    static let vorbis = SF_FORMAT_OGG | SF_FORMAT_VORBIS
    static let opus = SF_FORMAT_OGG | SF_FORMAT_OPUS
    static let mp3 = SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III
}

/// Programs that some tests need.
enum Tool {
    static func isInstalled(_ name: String) -> Bool {
        let directories = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return directories.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
    }

    /// Runs a program, and fails the test when the program fails.
    static func run(_ arguments: String...) throws {
        try run(arguments)
    }

    /// What a program writes to standard output.
    static func output(_ arguments: String...) throws -> String {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        process.standardOutput = pipe
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }

    /// Runs a program, and fails the test when the program fails.
    static func run(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(arguments.joined(separator: " ")) failed")
    }
}
