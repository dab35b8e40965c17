import ArgumentParser
import Audio
import Foundation
import Logging
import Terminal

/// `sori`: one file a subcommand.
@main
struct SoriCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sori",
        abstract: "Speech to text for people who build AI VTubers.",
        discussion: """
            EXAMPLES
              sori serve                          live captions on a page, and for any client
              sori worker --role recognizer       one of many on other machines, for a gateway
              sori gateway --recognizer gpu1:8090 --detector cpu1:8091
              sori models pull base               fetch a model
              sori transcribe talk.flac           write down a recording
              sori transcribe *.mp3 --format srt --output-dir subtitles
              sori doctor                         what works on this machine, and what is missing
            """,
        version: Version.current,
        subcommands: [
            ServeCommand.self, WorkerCommand.self, GatewayCommand.self, ListenCommand.self, CaptionsCommand.self,
            TranscribeCommand.self,
            ModelsCommand.self, TokenCommand.self, DoctorCommand.self, ConfigCommand.self, BenchCommand.self,
        ])

    /// Runs a command. A mistake in its arguments is told in one line, as every other error is.
    static func main() async {
        StandardOutput.ignoreBrokenPipes()
        do {
            var command = try parseAsRoot(Array(FileName.arguments().dropFirst()))
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            leave(ExitCode.success)
        } catch let code as ExitCode {
            leave(code)
        } catch let error as OutputError {
            leave(failed(error))
        } catch {
            guard exitCode(for: error) == .validationFailure else { leave(tell(error)) }
            let message = message(for: error)
            let isSentence = message.hasSuffix(".") || message.hasSuffix("?")
            // "See 'sori … --help' for more information."
            let advice = fullMessage(for: error).split(separator: "\n").last ?? ""
            complain(message + (isSentence ? " " : ". ") + advice.trimmingCharacters(in: .whitespaces))
            leave(.validationFailure)
        }
    }

    /// Writes what was asked for instead of running a command, such as help, or else why it has failed.
    private static func tell(_ error: any Error) -> ExitCode {
        let status = exitCode(for: error)
        let text = fullMessage(for: error)
        guard status == .success else {
            complain(text)
            return status
        }
        do {
            try StandardOutput.print(text)
            return status
        } catch {
            return failed(error)
        }
    }

    /// Ends the process without taking down what it is made of: a lane may still be at work on a window that nobody wants
    /// any more, with kernels that would be freed under it.
    private static func leave(_ code: ExitCode) -> Never {
        fflush(nil)
        _exit(code.rawValue)
    }
}

/// What every command that loads a model asks for.
struct EngineOptions: ParsableArguments {
    @Option(help: "Model: a name that `sori models list` shows, a folder or a file.")
    var model = "base"

    @Option(help: "Where to compute: auto, cpu, gpu, or a device that `sori doctor` shows.")
    var device = "auto"

    @Option(
        help: """
            How weights are stored: auto, exact (32 bits, for comparing), or ENCODER/DECODER with f32, f16, bf16 or q8_0.
            """)
    var weights = "auto"

    @Flag(help: "Tell on standard error what the engine does.")
    var verbose = false

    /// Sends the log to standard error.
    func startLog() {
        let level: Logger.Level = verbose ? .debug : .warning
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = level
            return handler
        }
    }
}
