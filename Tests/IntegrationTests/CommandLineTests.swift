import Foundation
import Testing

/// `sori` from the outside. One process after the other: each takes all cores.
@Suite(
    .serialized, .timeLimit(.minutes(3)),
    .enabled(
        if: Machine.hasSori, "there is no sori at \(SoriProcess.executable): run 'make build', or set SORI_EXECUTABLE"))
enum CommandLineTests {
    @Suite struct Help {
        @Test(arguments: [
            [], ["transcribe"], ["models"], ["models", "list"], ["models", "pull"], ["models", "verify"], ["doctor"],
            ["bench"], ["bench", "engine"], ["bench", "windows"], ["bench", "detector"],
        ])
        func showsExamples(command: [String]) async throws {
            let outcome = try await SoriProcess(command + ["--help"]).outcome()
            #expect(outcome.status == 0)
            #expect(outcome.complaints.isEmpty)
            let examples = try #require(outcome.output.split(separator: "EXAMPLES").dropFirst().first)
            #expect(examples.contains("  " + (["sori"] + command).joined(separator: " ")))
        }

        @Test func namesWhatIsMisspelled() async throws {
            let outcome = try await SoriProcess.run("transcribe", "talk.wav", "--languages", "ko")
            #expect(outcome.status != 0)
            #expect(outcome.output.isEmpty)
            #expect(outcome.complaints.contains("--languages"))
        }
    }
}

extension Trait where Self == ConditionTrait {
    /// Runs a test only where there are a model and speech to hear.
    static var needsSpeech: Self {
        .enabled(
            if: Machine.hasBase && Machine.hasRecording,
            "model or recording are missing in \(Machine.home): run 'make models'")
    }

    /// Runs a test only where speech can be told from other sound.
    static var needsDetector: Self {
        .enabled(
            if: FileManager.default.fileExists(atPath: Machine.models + "/tiny.en/model.bin"),
            "the detector's model is missing in \(Machine.models): run 'make models'")
    }

    /// Runs a test only where the recordings are that people's reports were rebuilt with. They may not be copied.
    static var needsCases: Self {
        .enabled(if: FileManager.default.fileExists(atPath: Cases.folder + "/loop.flac"), "no \(Cases.folder)")
    }
}

/// Recordings from the field that came out wrong once.
enum Cases {
    static let folder = URL(filePath: #filePath).appending(path: "../../../../shared/cases").standardizedFileURL.path

    static func path(_ name: String) -> String { folder + "/" + name }
}
