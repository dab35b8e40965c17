import Foundation

/// The `ffmpeg` command, which reads what libsndfile does not.
package struct FFmpeg: Sendable {
    /// Path of the program.
    package let executable: String

    /// The first `ffmpeg` on the search path, if there is one.
    package static func installed(
        searchPath: String = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
    ) -> FFmpeg? {
        searchPath.split(separator: ":").lazy
            .map { "\($0)/ffmpeg" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
            .map(FFmpeg.init(executable:))
    }

    /// What `ffprobe`, ffmpeg's companion, reads from a file's header.
    func facts(of path: String) throws -> ContainerFacts? {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: executable).deletingLastPathComponent().appending(path: "ffprobe")
        process.arguments =
            ["-v", "quiet", "-protocol_whitelist", "file", "-of", "json", "-show_entries"]
            + ["format=format_name,start_time,duration:stream=index,codec_type,start_time,duration"]
        process.arguments? += ["-show_entries", "stream_tags=DURATION:stream_disposition=default"]
        process.arguments? += ["file:\(path)"]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return nil }
        do {
            let text = try DescriptorReader(output.fileHandleForReading, name: "ffprobe").all()
            process.waitUntilExit()
            return (try? JSONDecoder().decode(ContainerFacts.Report.self, from: text)).map(ContainerFacts.init)
        } catch {
            kill(process.processIdentifier, SIGKILL)
            throw error
        }
    }
}

/// What a container says about its sound and its clock.
struct ContainerFacts {
    /// Number of the sound track that a player plays.
    let stream: Int?
    /// Whether there is a sound track, as far as anything is known of tracks.
    let hasSound: Bool
    /// The time stamp, in seconds, that is position 0.
    let base: Double
    /// Where the sound ends, counted as a player does; `nil` where it is unknown or only estimated.
    let end: Double?
    /// Length in seconds to show progress with.
    let duration: Double?
    /// The clock of the file if it begins so late that it is nobody's position.
    let origin: Double?

    /// How late, in seconds, a clock may begin that begins at the beginning.
    static let latestStart = 3_600.0

    /// What `ffprobe` prints.
    struct Report: Decodable {
        struct Format: Decodable {
            var format_name: String?
            var start_time: String?
            var duration: String?
        }
        struct Stream: Decodable {
            var index: Int
            var codec_type: String?
            var start_time: String?
            var duration: String?
            var disposition: [String: Int]?
            var tags: [String: String]?
        }
        var streams: [Stream]?
        var format: Format?
    }

    init(_ report: Report) {
        let streams = report.streams ?? []
        let sound = streams.filter { $0.codec_type == "audio" }
        let track = sound.first { $0.disposition?["default"] == 1 } ?? sound.first
        let names = Set((report.format?.format_name ?? "").split(separator: ",").map(String.init))
        let start = Self.seconds(report.format?.start_time) ?? 0
        let total = Self.seconds(report.format?.duration).flatMap { $0 >= 0 ? $0 : nil }
        // In these, time 0 is where the film begins. Elsewhere, as in television, a clock begins anywhere.
        let beginsAtZero = !names.isDisjoint(with: ["mp4", "matroska"])
        stream = track?.index
        hasSound = track != nil || streams.isEmpty
        let base = beginsAtZero && start > 0 && start <= Self.latestStart ? 0 : start
        self.base = base
        origin = beginsAtZero && start > Self.latestStart ? start : nil
        duration = total.map { names.contains("matroska") ? max($0 - base, 0) : $0 }
        guard let track, !names.isDisjoint(with: Self.exact) else {
            end = nil
            return
        }
        if let tag = track.tags?["DURATION"].flatMap(Self.clock) {
            end = tag - base
        } else if let length = Self.seconds(track.duration), streams.count == sound.count || length != total {
            // Beside a picture, ffprobe gives the length of the whole for that of a track that does not tell its own.
            end = (Self.seconds(track.start_time) ?? 0) - base + length
        } else {
            end = streams.count == sound.count ? duration : nil
        }
    }

    /// Formats whose headers say how long the sound is. For others it is reckoned from a bit rate.
    private static let exact: Set = [
        "mp4", "matroska", "asf", "flv", "mpegts", "caf", "aiff", "wav", "w64", "flac", "ape", "tta", "wv", "au",
    ]

    private static func seconds(_ text: String?) -> Double? {
        text.flatMap(Double.init).flatMap { $0.isFinite ? $0 : nil }
    }

    /// Hours, minutes and seconds.
    private static func clock(_ text: String) -> Double? {
        let parts = text.split(separator: ":").map { Double($0) ?? .nan }
        guard parts.count == 3, parts.allSatisfy(\.isFinite) else { return nil }
        return parts.reduce(0) { $0 * 60 + $1 }
    }
}
