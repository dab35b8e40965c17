import Audio
import Foundation
import Testing

/// Positions are those of the container's clock, as a player shows them.
@Suite(.enabled(if: Tool.isInstalled("ffmpeg")), .timeLimit(.minutes(4)))
struct ContainerTimeTests {
    private let directory: TemporaryDirectory
    private let source: String

    init() throws {
        directory = try TemporaryDirectory()
        // A tone that begins at once, so that one sees where it begins.
        source = try directory.sound(
            "tone.wav", sine(440, rate: 48_000, count: 96_000), rate: 48_000, format: Format.wav)
    }

    private static let film = ["-f", "lavfi", "-i", "color=s=64x64:r=10:d=8"]

    private func film(_ name: String, _ options: [String]) throws -> String {
        let path = directory.path(name)
        try Tool.run(["ffmpeg", "-y"] + options + [path])
        return path
    }

    /// Seconds at which a tone begins, and at which it ends.
    private func heard(_ clip: AudioClip) -> [ClosedRange<Double>] {
        var stretches: [ClosedRange<Double>] = []
        for start in stride(from: 0, to: clip.samples.count - 160, by: 160)
        where AudioLevel(clip.samples[start..<(start + 160)]).rms > 0.05 {
            let (from, to) = (Double(start) / 16_000, Double(start + 160) / 16_000)
            if let last = stretches.last, from - last.upperBound < 0.1 {
                stretches[stretches.count - 1] = last.lowerBound...to
            } else {
                stretches.append(from...to)
            }
        }
        return stretches
    }

    @Test(arguments: ["mp4", "mov", "mkv", "ts", "flv"])
    func soundThatBeginsLateStandsWhereAPlayerShowsIt(container: String) throws {
        let path = try film(
            "late.\(container)", Self.film + ["-itsoffset", "3.9", "-i", source, "-map", "0:v", "-map", "1:a"])
        let clip = try AudioFile.read(path)
        let tone = try #require(heard(clip).first)
        #expect(heard(clip).count == 1)
        #expect(abs(tone.lowerBound - 3.9) < 0.08 && abs(tone.upperBound - 5.9) < 0.1, "\(tone)")
        #expect(clip.warnings == [])
    }

    @Test(arguments: ["m4a", "mka", "webm"], ["16000", "48000"])
    func aLateBeginningWithoutAPicture(container: String, rate: String) throws {
        let path = try film("late.\(container)", ["-itsoffset", "2.5", "-i", source, "-ar", rate])
        let tone = try #require(heard(AudioFile.read(path)).first)
        #expect(abs(tone.lowerBound - 2.5) < 0.08, "\(tone)")
    }

    @Test(arguments: ["mkv", "mp4", "ts", "webm"])
    func holesBecomeSilence(container: String) throws {
        let list = try directory.file("list.txt", Data("file \(source)\nduration 10\nfile \(source)\n".utf8))
        let path = try film("holes.\(container)", ["-f", "concat", "-safe", "0", "-i", list])
        let clip = try AudioFile.read(path)
        let tones = heard(clip)
        try #require(tones.count == 2, "\(tones)")
        #expect(tones[0].lowerBound < 0.08 && abs(tones[0].upperBound - 2) < 0.1)
        #expect(abs(tones[1].lowerBound - 10) < 0.1 && abs(tones[1].upperBound - 12) < 0.1)
        #expect(clip.warnings == [])
    }

    @Test(arguments: ["m4a", "mka", "webm", "ts", "wma", "aac"])
    func withoutHolesNothingIsAdded(container: String) throws {
        let clip = try AudioFile.read(film("plain.\(container)", ["-i", source]))
        #expect(abs(clip.duration - 2) < 0.1)
        #expect(heard(clip).count == 1)
        #expect(clip.warnings == [])
    }

    @Test(arguments: ["mp4", "mkv", "ts"])
    func aFilmThatGoesOnAfterItsSoundDoesNotEndEarly(container: String) throws {
        let clip = try AudioFile.read(
            film("film.\(container)", Self.film + ["-i", source, "-map", "0:v", "-map", "1:a"]))
        #expect(abs(clip.duration - 2) < 0.1)
        #expect(clip.warnings == [])
    }

    /// A hundred hours: neither memory nor disk is filled.
    @Test func anAbsurdHoleIsBounded() throws {
        let whole = try film("whole.mkv", ["-i", source, "-c:a", "mp2"])
        let path = try film(
            "absurd.mkv", ["-i", whole, "-c", "copy", "-bsf:a", "setts=ts=if(gt(PTS*TB\\,1)\\,PTS+360000/TB\\,PTS)"])
        let reader = try AudioReader(path: path)
        var count = 0
        while let block = try reader.next() { count += block.count }
        #expect((3_601...3_603).contains(count / 16_000))
        let warning = try #require(reader.warnings.first)
        #expect(reader.warnings.count == 1)
        #expect(warning.description.contains("100.0 h without sound, of which 1.0 h"), "\(warning)")
    }

    @Test func aClockThatBeginsAnywhereIsSetToZero() throws {
        let path = try film("clock.mkv", ["-itsoffset", "360000", "-i", source])
        let clip = try AudioFile.read(path)
        #expect(abs(clip.duration - 2) < 0.1)
        #expect(clip.warnings.map(\.description).first?.contains("the first time stamp is 100.0 h") == true)
    }

    @Test func aCutWithoutDecodingKeepsPictureAndSoundTogether() throws {
        let late = try film(
            "late.mp4", Self.film + ["-itsoffset", "3.9", "-i", source, "-map", "0:v", "-map", "1:a"])
        let tone = try #require(heard(AudioFile.read(film("cut.mp4", ["-ss", "2", "-i", late, "-c", "copy"]))).first)
        // The cut lies where the picture can begin.
        let start = try #require(
            Double(
                Tool.output(
                    "ffprobe", "-v", "error", "-select_streams", "a", "-show_entries", "stream=start_time", "-of",
                    "csv=p=0", directory.path("cut.mp4")
                ).trimmingCharacters(in: .whitespacesAndNewlines)))
        #expect(abs(tone.lowerBound - start) < 0.1 && start > 1)
    }
}
