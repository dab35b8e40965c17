import ArgumentParser
import Foundation
import Models
import Whisper

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Show what works on this machine, what is missing, and how to get it.",
        discussion: """
            Exits with 1 if recordings cannot be transcribed.

            EXAMPLES
              sori doctor
              sori doctor --device gpu        also compute something there
            """)

    @OptionGroup var engine: EngineOptions

    func run() throws {
        engine.startLog()
        var isWell = true
        func report(_ subject: String, _ isGood: Bool, _ text: String) {
            let verdict = isGood ? "ok       " : "missing  "
            print(verdict + subject.padding(toLength: 10, withPad: " ", startingAt: 0) + text)
            if !isGood { isWell = false }
        }
        do {
            for device in try Device.all() {
                let memory = device.memory > 0 ? ", \(device.memory / 1_000_000_000) GB" : ""
                report("device", true, "\(device.name): \(device.description)\(memory)")
                if device.kind == .cpu {
                    report("", true, "uses " + device.features.joined(separator: " "))
                }
                report("", true, "weights are stored as \(WeightPlan.recommended(for: device))")
            }
        } catch {
            report("ggml", false, "\(error)")
        }
        let store = ModelStore.standard()
        let installed = store.installed()
        for model in installed {
            do {
                let file = try ModelFile.open(model.location.path)
                let size = "\(model.bytes / 1_000_000) MB"
                report("model", true, "\(model.name): \(file.format), \(size), \(languages(file))")
            } catch {
                report("model", false, "\(error)")
            }
        }
        if installed.isEmpty { report("model", false, "none in \(store.directory.path); sori models pull base") }
        // Not needed for the usual formats: no reason to fail.
        let ffmpeg = Self.find("ffmpeg")
        print(
            (ffmpeg == nil ? "optional " : "ok       ") + "ffmpeg    "
                + (ffmpeg ?? "not installed: only wav, flac, ogg, opus and mp3 can be read (apt install ffmpeg)"))
        if isWell { isWell = decodeSomething() }
        if !isWell { throw ExitCode.failure }
    }

    /// Decodes a second of silence: the whole path from file to text has worked then.
    private func decodeSomething() -> Bool {
        do {
            let start = ContinuousClock.now
            let model = try engine.loadModel()
            _ = try Transcriber(model: model).transcribe([Float](repeating: 0, count: Transcriber.sampleRate))
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            let took = String(format: "%.2f", seconds)
            print("ok       decoding  \(engine.model) on \(model.device.name): loaded and ready in \(took) s")
            return true
        } catch {
            print("missing  decoding  \(error)")
            return false
        }
    }

    private func languages(_ file: ModelFile) -> String {
        file.dimensions.isMultilingual ? "all languages" : "English only"
    }

    private static func find(_ command: String) -> String? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return folders.map { "\($0)/\(command)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
