public import ArgumentParser
import Foundation
import Listening
public import SoriProtocol
import Terminal
import WhisperText

struct ListenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "listen",
        abstract: "Show what is said, while it is said.",
        discussion: """
            Listens to the microphone, to recordings, or to standard input, where WAV, FLAC, Ogg, Opus, MP3 and whatever
            else ffmpeg knows are told by their first bytes and heard while they come; raw sound needs --raw. Text that may
            still change is dim. When the connection breaks, sound is kept and sent later. Ctrl-C waits for the last words,
            Ctrl-C again stops at once. In a pipe, each utterance is a line of text.

            EXAMPLES
              sori listen --language ko
              sori listen --device USB --srt stream.srt --text stream.txt
              sori listen talk.flac --fast --vtt talk.vtt
              sori listen --language ko --translate
              sori listen --server wss://captions.example.org --json | jq .text
              ffmpeg -i rtmp://… -f wav - | sori listen -
              arecord -f S16_LE -r 48000 -c 2 -t raw | sori listen - --raw --rate 48000 --channels 2
            """)

    @Argument(help: "Recordings, or - for standard input; the microphone without.")
    var files: [String] = []

    @Option(help: "Microphone: its number, or a part of its name.")
    var device: String?

    @Flag(help: "Show the microphones, and end.")
    var listDevices = false

    @Flag(help: "Send recordings as fast as the server takes them.")
    var fast = false

    @Option(help: "Spoken language, such as ko, en-US or Korean; auto hears which it is.")
    var language = "auto"

    @Option(help: ArgumentHelp("Languages that auto may find, such as ko,en; any without.", valueName: "list"))
    var languages: SpokenLanguages?

    @Option(help: "How text becomes final: alignatt, local-agreement or sliding-window; the server's default without.")
    var policy: ClientMessage.Policy?

    @Option(help: "Words that are likely to be said, or a sample of the style wanted.")
    var prompt: String?

    @Option(help: "Names and terms to listen for, with commas between them.")
    var hotwords: String?

    @Option(help: "Name under which onlookers find this session, and the next one of the same name.")
    var name: String?

    @Option(help: "transcribe writes what is said, translate what it means in English.")
    var task = ClientMessage.Task.transcribe

    @Flag(help: "Write below each utterance in another language what it means in English.")
    var translate = false

    @Flag(name: .customLong("no-corrections"), help: "Final text never differs from what was shown as certain before.")
    var hasNoCorrections = false

    @Option(help: "Server, such as ws://host:8080; SORI_SERVER without.")
    var server: String?

    @Option(help: "What the server asks for; better set SORI_TOKEN, which other users cannot see.")
    var token: String?

    @Option(
        help: ArgumentHelp(
            "Certificates in PEM form to trust instead of the system's, for wss://.", valueName: "file"))
    var trust: String?

    @Flag(help: "Write every event as a line of JSON (docs/protocol.md).")
    var json = false

    @Option(help: "File for subtitles in SubRip format.")
    var srt: String?

    @Option(help: "File for subtitles in WebVTT format.")
    var vtt: String?

    @Option(help: "File for the text alone.")
    var text: String?

    @Flag(help: "Replace these files if they are there.")
    var overwrite = false

    @Option(help: "Seconds of sound after which it ends by itself.")
    var duration: Double?

    @Flag(help: "Standard input is raw sound, without a header.")
    var raw = false

    @Option(help: "Samples a second of raw sound, 8000 to 48000; 16000 without.")
    var rate: Int?

    @Option(help: "Channels of raw sound, 1 or 2; 1 without.")
    var channels: Int?

    @Option(help: "Samples of raw sound: pcm_s16le, pcm_f32le or pcm_mulaw; pcm_s16le without.")
    var encoding: AudioFormat.Encoding?

    @Flag(help: "Tell on standard error what the connection does.")
    var verbose = false

    func validate() throws {
        try LanguageChoice.validate(language)
        if files.contains("-"), files.count > 1 {
            throw ValidationError("standard input cannot be mixed with recordings")
        }
        if !files.isEmpty, device != nil { throw ValidationError("--device is for the microphone, not for recordings") }
        if fast, files.isEmpty || files == ["-"] { throw ValidationError("--fast is for recordings") }
        if translate, task == .translate {
            throw ValidationError("--translate is for --task transcribe: all text is English already")
        }
        if let duration, !(duration > 0) { throw ValidationError("--duration takes seconds, more than 0") }
        if raw, files != ["-"] { throw ValidationError("--raw is for standard input; give - and pipe sound into it") }
        if !raw, rate != nil || channels != nil || encoding != nil {
            throw ValidationError("--rate, --channels and --encoding describe raw sound; give --raw as well")
        }
        if !AudioFormat.sampleRates.contains(rawFormat.sampleRate) {
            throw ValidationError("--rate takes 8000 to 48000 Hz")
        }
        if !(1...2).contains(rawFormat.channels) { throw ValidationError("--channels takes 1 or 2") }
        let outputs = [srt, vtt, text].compactMap(\.self)
        if Set(outputs).count < outputs.count { throw ValidationError("--srt, --vtt and --text need different files") }
    }

    func run() async throws {
        do {
            guard !listDevices else { return try showDevices() }
            if let status = try await listen() { throw ExitCode(status) }
        } catch {
            throw failed(error)
        }
    }

    /// Listens with the server that is named, or else with one in this process.
    private func listen() async throws -> Int32? {
        let named = server ?? ProcessInfo.processInfo.environment["SORI_SERVER"] ?? ""
        // Loading a model takes a while.
        Interrupt.endsAtOnce()
        guard named.isEmpty else { return try await ListenRun(self, server: named).run() }
        return try await InProcessServer.with { try await ListenRun(self, server: $0.absoluteString).run() }
    }

    private func showDevices() throws {
        let devices = try Microphone.devices()
        // Says in one line what to do where there is none.
        _ = try InputDevice.choose(nil, among: devices)
        let width = devices.map { "\($0.number)".count }.max() ?? 0
        for device in devices {
            let number = String(repeating: " ", count: width - "\(device.number)".count) + "\(device.number)"
            try StandardOutput.print(
                "\(number)  \(device.name) (\(device.system))\(device.isDefault ? ", the default" : "")")
        }
    }

    /// How raw sound on standard input is written.
    var rawFormat: AudioFormat {
        AudioFormat(encoding: encoding ?? .pcmS16LE, sampleRate: rate ?? 16_000, channels: channels ?? 1)
    }

    /// What is asked of the server.
    var settings: ClientMessage.Start {
        let terms = hotwords?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter {
            !$0.isEmpty
        }
        return ClientMessage.Start(
            language: LanguageChoice(language)?.code, languages: languages?.codes,
            task: task == .transcribe ? nil : task, translate: translate ? true : nil, policy: policy, prompt: prompt,
            hotwords: terms?.isEmpty == false ? terms : nil, corrections: hasNoCorrections ? false : nil,
            // It says itself when nothing comes: a network that stands still must not look like that.
            gap: 0, name: name)
    }
}

extension ClientMessage.Policy: ExpressibleByArgument {}
extension ClientMessage.Task: ExpressibleByArgument {}
extension AudioFormat.Encoding: ExpressibleByArgument {}
