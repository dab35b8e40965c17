import Audio
import Foundation
import Testing

extension CommandLineTests {
    /// What people bring: sound that begins late, files that were joined, headers that were never finished, cables that
    /// were wired the wrong way round, pipes, and names from other systems.
    @Suite(.needsSpeech, .enabled(if: Program.isInstalled("ffmpeg"), "ffmpeg is missing: run 'make setup'"))
    struct InputCases {
        let folder = TemporaryFolder()

        /// The first six seconds of the recording, as a WAV file.
        private func opening() throws -> String {
            try folder.file("opening.wav", Wave.integers(TwoCities.samples(seconds: 6))).path
        }

        private func make(_ name: String, _ options: [String]) throws -> String {
            let path = folder.path + "/" + name
            try Program.run(["ffmpeg", "-nostdin", "-y", "-v", "error"] + options + [path])
            return path
        }

        /// Another voice, which says something else.
        private func other() throws -> String {
            try #require(Machine.testAudio("tt-monkeysintro.wav"), "test audio is missing: run 'make setup'")
        }

        private func transcribe(_ arguments: String..., input: String? = nil) async throws -> SoriProcess.Outcome {
            try await SoriProcess(
                ["transcribe", "--quiet", "--language", "en", "--temperatures", "0"] + arguments, input: input
            ).outcome()
        }

        private func listen(_ arguments: String..., input: String? = nil) async throws -> SoriProcess.Outcome {
            try await SoriProcess(["listen", "--language", "en"] + arguments, input: input).outcome()
        }

        /// Seconds at which the last cue of a SubRip file ends.
        private func end(of subtitles: String) throws -> Double {
            let times = try #require(subtitles.split(separator: "\n").last { $0.contains(" --> ") })
            let clock = try #require(times.split(separator: " ").last).replacing(",", with: ".").split(separator: ":")
            return clock.reduce(0) { $0 * 60 + (Double($1) ?? .nan) }
        }

        @Test(arguments: ["mp4", "mkv", "ts"])
        func cuesStandWhereAPlayerShowsThem(container: String) async throws {
            let film = ["-f", "lavfi", "-i", "color=s=64x64:r=10:d=24", "-itsoffset", "15", "-i", try opening()]
            let path = try make("late.\(container)", film + ["-map", "0:v", "-map", "1:a"])
            let written = try await transcribe(path, "--format", "srt")
            #expect(written.status == 0 && written.complaints.isEmpty, "\(written.complaints)")
            #expect((18...21.5).contains(try end(of: written.output)), "\(written.output)")
            let subtitles = folder.path + "/late.srt"
            let heard = try await listen(path, "--fast", "--srt", subtitles)
            #expect(heard.status == 0)
            #expect((18...21.5).contains(try end(of: String(contentsOfFile: subtitles, encoding: .utf8))))
        }

        @Test(arguments: [("ogg", []), ("opus", []), ("mp3", []), ("mp3", ["-ar", "22050", "-ac", "2"])])
        func allPartsOfAJoinedFileAreHeard(kind: String, options: [String]) async throws {
            let parts = try [
                make("a.\(kind)", ["-i", opening(), "-ac", "1"]), make("b.\(kind)", ["-i", other()] + options),
            ].map { try Data(contentsOf: URL(filePath: $0)) }
            let path = try folder.file("joined.\(kind)", parts[0] + parts[1]).path
            for outcome in [try await transcribe(path), try await listen(path, "--fast")] {
                #expect(outcome.status == 0 && outcome.complaints.isEmpty, "\(outcome.complaints)")
                #expect(TwoCities.isOpening(outcome.output))
                #expect(outcome.output.lowercased().contains("monkey"), "\(outcome.output)")
            }
        }

        @Test(arguments: [0, 0xFFFF_FFFF, 0x7FFF_FFFF] as [UInt32])
        func aHeaderThatWasNeverFinishedHidesNothing(size: UInt32) async throws {
            var wave = try Wave.integers(TwoCities.samples(seconds: 6))
            wave.replaceSubrange(40..<44, with: withUnsafeBytes(of: size.littleEndian) { Data($0) })
            let path = try folder.file("crashed.wav", wave).path
            for outcome in [
                try await transcribe(path), try await transcribe("-", input: path), try await listen(path, "--fast"),
            ] {
                #expect(outcome.status == 0)
                #expect(TwoCities.isOpening(outcome.output))
                #expect(outcome.complaintLines.count == 1)
                #expect(outcome.complaints.contains("header does not say how long"), "\(outcome.complaints)")
            }
        }

        @Test func aChannelUpsideDownIsHeard() async throws {
            let frames = try TwoCities.samples(seconds: 6).flatMap { [$0, -$0] }
            let path = try folder.file("wired.wav", Wave.integers(frames, channels: 2)).path
            for outcome in [try await transcribe(path), try await listen(path, "--fast")] {
                #expect(outcome.status == 0)
                #expect(TwoCities.isOpening(outcome.output))
                #expect(outcome.complaintLines.count == 1)
                #expect(outcome.complaints.contains("the channels cancel each other"), "\(outcome.complaints)")
            }
        }

        /// CP949 and Latin-1, as they come from old disks.
        @Test(arguments: [[0xB9, 0xE6, 0xBC, 0xDB], [0x4B, 0xFC, 0x63, 0x68, 0x65]] as [[UInt8]])
        func namesNeedNotBeUTF8(name: [UInt8]) async throws {
            let bare = folder.path + "/" + FileName.text(name)
            try FileName.write(Data(contentsOf: URL(filePath: opening())), to: bare + ".wav")
            try FileName.write(Data(contentsOf: URL(filePath: make("a.m4a", ["-i", opening()]))), to: bare + ".m4a")
            // Only a shell can hand over such names; it finds them by their other letters.
            for kind in ["wav", "m4a"] {
                let outcome = try await shell(
                    "\"$SORI\" transcribe --quiet --language en --format srt --output-dir out-\(kind) *[!a-z]*.\(kind)")
                #expect(outcome.status == 0, "\(outcome.complaints)")
                #expect(TwoCities.isOpening(try text("out-\(kind)/" + FileName.text(name) + ".srt")))
            }
            let heard = try await shell(
                "for f in *[!a-z]*.wav; do \"$SORI\" listen --language en --fast \"$f\" --srt \"$f.srt\"; done")
            #expect(heard.status == 0, "\(heard.complaints)")
            #expect(TwoCities.isOpening(heard.output))
            #expect(TwoCities.isOpening(try text(FileName.text(name) + ".wav.srt")))
            let missing = try await shell("for f in *[!a-z]*.wav; do \"$SORI\" transcribe --quiet \"$f.gone\"; done")
            #expect(missing.status == 1)
            #expect(missing.complaints.contains("\u{FFFD}") && missing.complaintLines.count == 1)
        }

        private func shell(_ script: String) async throws -> SoriProcess.Outcome {
            try await SoriProcess(
                executable: "/bin/bash", ["-c", "cd '\(folder.path)' && LC_ALL=C; \(script)"],
                environment: ["SORI": SoriProcess.executable]
            ).outcome()
        }

        private func text(_ name: String) throws -> String {
            let path = folder.path + "/" + name
            let descriptor = FileName.withPath(path) { open($0, O_RDONLY) }
            try #require(descriptor >= 0, "\(FileName.shown(name)) is not there")
            let data = try FileHandle(fileDescriptor: descriptor, closeOnDealloc: true).readToEnd() ?? Data()
            return String(decoding: data, as: UTF8.self)
        }
    }

    /// Ctrl-C, and the wish of the system, while something is read.
    @Suite(.needsSpeech) struct ReadingInterrupted {
        let folder = TemporaryFolder()

        private func pipe() throws -> String {
            let path = try folder.file("placeholder", Data()).deletingLastPathComponent().path + "/pipe"
            try #require(mkfifo(path, 0o600) == 0)
            return path
        }

        /// Starts a command, waits until it reads, and ends it.
        private func expectEnd(of sori: SoriProcess, by signal: Int32, when isReading: (SoriProcess) -> Bool)
            async throws
        {
            try await sori.wait(until: isReading)
            let start = ContinuousClock.now
            sori.send(signal)
            let outcome = try await sori.outcome()
            #expect(outcome.status == 130)
            // A busy machine is given more than the second that it takes.
            #expect(ContinuousClock.now - start < .seconds(10))
            #expect(!outcome.complaints.contains("Error"))
        }

        @Test(arguments: [SIGINT, SIGTERM], ["transcribe", "listen"])
        func aNamedPipeThatNobodyOpens(signal: Int32, command: String) async throws {
            let path = try pipe()
            try await expectEnd(of: SoriProcess([command, path]), by: signal) { $0.hasOpen(path) }
        }

        @Test(arguments: [SIGINT, SIGTERM], ["transcribe", "listen"])
        func aPipeThatStaysOpen(signal: Int32, command: String) async throws {
            let path = try pipe()
            // Opened for both, so that it never waits for the other side, and is never at its end.
            let descriptor = open(path, O_RDWR)
            defer { close(descriptor) }
            let header = try Wave.integers(TwoCities.samples(seconds: 1)).prefix(20_000)
            #expect(header.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) } == header.count)
            try await expectEnd(of: SoriProcess([command, path]), by: signal) { _ in
                var count: Int32 = 0
                return ioctl(descriptor, UInt(FIONREAD), &count) == 0 && count == 0
            }
        }
    }
}

/// Programs that some tests need.
private enum Program {
    static func isInstalled(_ name: String) -> Bool {
        let directories = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return directories.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
    }

    static func run(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(arguments.joined(separator: " ")) failed")
    }
}
