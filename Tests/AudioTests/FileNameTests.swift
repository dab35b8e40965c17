import Audio
import Foundation
import Testing

@Suite struct FileNameTests {
    @Test(
        arguments: [
            Array("talk.flac".utf8), Array("방송.flac".utf8), [0xB9, 0xE6, 0xBC, 0xDB, 0x2E, 0x77],
            [0x4B, 0xFC, 0x63, 0x68, 0x65],
            [0xFF, 0x80, 0xC0, 0xAF, 0xED, 0xA0, 0x80, 0xF5], Array("\u{F7FC}".utf8), Array("a\u{301}\u{1F600}".utf8),
            [], [0xE6],
        ] as [[UInt8]])
    func anyBytesComeBack(bytes: [UInt8]) {
        #expect(FileName.bytes(FileName.text(bytes)) == bytes)
    }

    @Test func textStaysText() {
        #expect(FileName.text("Küche 방송.flac".utf8) == "Küche 방송.flac")
        #expect(FileName.shown("Küche 방송.flac") == "Küche 방송.flac")
    }

    @Test func peopleSeeThatACharacterIsNotKnown() {
        #expect(FileName.shown(FileName.text([0x4B, 0xFC, 0x63, 0x68, 0x65])) == "K\u{FFFD}che")
    }

    @Test(arguments: [("flac", Format.flac), ("mp3", Format.mp3)])
    func suchFilesAreReadAndWritten(kind: String, format: Int) throws {
        let directory = try TemporaryDirectory()
        let plain = try directory.sound("plain.\(kind)", voice(seconds: 1), format: format)
        let odd = directory.path("") + FileName.text([0x4B, 0xFC, 0x63, 0x68, 0x65]) + ".\(kind)"
        try FileName.write(Data(contentsOf: URL(filePath: plain)), to: odd)
        #expect(try AudioFile.read(odd).samples == AudioFile.read(plain).samples)
        let error = try #require(throws: AudioError.self) { try AudioFile.read(odd + "x") }
        #expect(error.message.contains("K\u{FFFD}che"))
    }

    @Test(.enabled(if: Tool.isInstalled("ffmpeg")))
    func suchFilesAreHandedToFFmpeg() throws {
        let directory = try TemporaryDirectory()
        let plain = directory.path("plain.m4a")
        try Tool.run("ffmpeg", "-i", directory.sound("a.wav", voice(seconds: 1), format: Format.wav), plain)
        let odd = directory.path("") + FileName.text([0xB9, 0xE6, 0xBC, 0xDB]) + ".m4a"
        try FileName.write(Data(contentsOf: URL(filePath: plain)), to: odd)
        #expect(try AudioFile.read(odd).samples == AudioFile.read(plain).samples)
    }

    @Test func foldersAreMadeWithThoseAbove() throws {
        let directory = try TemporaryDirectory()
        let folder = directory.path("") + FileName.text([0xFC]) + "/b/c/"
        try FileName.createDirectory(folder)
        try FileName.createDirectory(folder)
        try FileName.write(Data("x".utf8), to: folder + "file")
        #expect(throws: (any Error).self) { try FileName.createDirectory(folder + "file") }
        #expect(throws: (any Error).self) { try FileName.write(Data(), to: directory.path("nowhere/file")) }
    }

    @Test("pipes and devices are written to, and stay what they are")
    func devices() throws {
        let directory = try TemporaryDirectory()
        let pipe = directory.path("pipe")
        #expect(mkfifo(pipe, 0o600) == 0)
        // Without somebody who reads, opening it for writing would wait.
        let reader = open(pipe, O_RDONLY | O_NONBLOCK)
        defer { close(reader) }
        try FileName.write(Data("x".utf8), to: pipe)
        var byte: UInt8 = 0
        #expect(read(reader, &byte, 1) == 1 && byte == UInt8(ascii: "x"))
        var status = stat()
        #expect(stat(pipe, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
    }
}
