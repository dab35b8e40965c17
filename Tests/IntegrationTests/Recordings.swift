import Audio
import Foundation

/// What is on this machine for `sori` to work with.
enum Machine {
    private static let environment = ProcessInfo.processInfo.environment

    /// Where `make setup` puts what is no system package.
    static let home: String =
        environment["SORI_HOME"] ?? (environment["XDG_DATA_HOME"] ?? NSHomeDirectory() + "/.local/share") + "/sori"

    /// Where models are.
    static let models = environment["SORI_MODELS"] ?? home + "/models"

    /// One of the recordings for tests, if they are there.
    static func testAudio(_ name: String) -> String? {
        let path = home + "/test-audio/" + name
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }

    static var hasSori: Bool { FileManager.default.isExecutableFile(atPath: SoriProcess.executable) }
    static var hasBase: Bool { FileManager.default.fileExists(atPath: models + "/base/model.bin") }
    static var hasRecording: Bool { FileManager.default.fileExists(atPath: TwoCities.path) }
}

/// A reader of "A Tale of Two Cities" by Charles Dickens, 44 s.
enum TwoCities {
    static let path = Machine.home + "/recordings/two_cities.wav"

    /// All that is said.
    static let text = """
        It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of foolishness, it \
        was the epoch of belief, it was the epoch of incredulity, it was the season of Light, it was the season of \
        Darkness, it was the spring of hope, it was the winter of despair, we had everything before us, we had nothing \
        before us, we were all going direct to Heaven, we were all going direct the other way: in short, the period was \
        so far like the present period, that some of its noisiest authorities insisted on its being received, for good or \
        for evil, in the superlative degree of comparison only.
        """

    /// What is said in the first six seconds.
    static let opening = "It was the best of times, it was the worst of times, it was the age of wisdom"

    /// Sound at 16 kHz from the start; of a longer recording, it comes again and again.
    static func samples(seconds: Int) throws -> [Float] {
        let once = try AudioFile.read(path).samples
        let count = seconds * AudioClip.sampleRate
        return Array((0...count / once.count).flatMap { _ in once }.prefix(count))
    }

    /// Whether a text is that of the first six seconds, whatever the model made of the commas.
    static func isOpening(_ text: String) -> Bool {
        text.contains("best of times") && text.contains("worst of times")
    }
}

/// Sound files, written byte by byte: http://soundfile.sapp.org/doc/WaveFormat/
enum Wave {
    /// Samples of 16 bits, interleaved.
    static func integers(_ samples: [Float], rate: Int = 16_000, channels: Int = 1) -> Data {
        let body = samples.map { Int16(($0 * 32767).rounded()) }
        return file(bytes(of: body), format: 1, bits: 16, rate: rate, channels: channels)
    }

    /// Floating-point samples.
    static func floats(_ samples: [Float], rate: Int = 16_000) -> Data {
        file(bytes(of: samples.map(\.bitPattern)), format: 3, bits: 32, rate: rate, channels: 1)
    }

    private static func file(_ body: Data, format: UInt16, bits: Int, rate: Int, channels: Int) -> Data {
        let frame = channels * bits / 8
        var file = Data("RIFF".utf8)
        file += bytes(of: [UInt32(36 + body.count)])
        file += Data("WAVEfmt ".utf8)
        file += bytes(of: [16, UInt32(format) | UInt32(channels) << 16, UInt32(rate), UInt32(rate * frame)])
        file += bytes(of: [UInt16(frame), UInt16(bits)])
        file += Data("data".utf8)
        file += bytes(of: [UInt32(body.count)])
        return file + body
    }

    private static func bytes(of values: [some FixedWidthInteger]) -> Data {
        values.map(\.littleEndian).withUnsafeBytes { Data($0) }
    }
}
