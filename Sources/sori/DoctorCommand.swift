import ArgumentParser
import Foundation
import Models
import Terminal
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
        func report(_ subject: String, _ isGood: Bool, _ text: String) throws(OutputError) {
            let verdict = isGood ? "ok       " : "missing  "
            try StandardOutput.print(verdict + subject.padding(toLength: 10, withPad: " ", startingAt: 0) + text)
            if !isGood { isWell = false }
        }
        do {
            for device in try Device.all() {
                let memory = device.memory > 0 ? ", \(device.memory / 1_000_000_000) GB" : ""
                try report("device", true, "\(device.name): \(device.description)\(memory)")
                if device.kind == .cpu {
                    try report("", true, "uses " + device.features.joined(separator: " "))
                }
                try report("", true, "weights are stored as \(WeightPlan.recommended(for: device))")
            }
        } catch let error as OutputError {
            throw error
        } catch {
            try report("ggml", false, "\(error)")
        }
        let store = ModelStore.standard()
        let installed = store.installed()
        for model in installed {
            do {
                let file = try ModelFile.open(model.location.path)
                let size = "\(model.bytes / 1_000_000) MB"
                try report("model", true, "\(model.name): \(file.format), \(size), \(languages(file))")
            } catch let error as OutputError {
                throw error
            } catch {
                try report("model", false, "\(error)")
            }
        }
        if installed.isEmpty { try report("model", false, "none in \(store.directory.path); sori models pull base") }
        // Not needed for the usual formats: no reason to fail.
        let ffmpeg = Self.find("ffmpeg")
        try StandardOutput.print(
            (ffmpeg == nil ? "optional " : "ok       ") + "ffmpeg    "
                + (ffmpeg ?? "not installed: only wav, flac, ogg, opus and mp3 can be read (apt install ffmpeg)"))
        if isWell { isWell = try decodeSomething() }
        if !isWell { throw ExitCode.failure }
    }

    /// Decodes a second of silence: the whole path from file to text has worked then.
    private func decodeSomething() throws(OutputError) -> Bool {
        let verdict: (isGood: Bool, text: String)
        do {
            let start = ContinuousClock.now
            let model = try engine.loadModel()
            _ = try Transcriber(model: model).transcribe([Float](repeating: 0, count: Transcriber.sampleRate))
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            let took = String(format: "%.2f", seconds)
            verdict = (true, "\(engine.model) on \(model.device.name): loaded and ready in \(took) s")
        } catch {
            verdict = (false, "\(error)")
        }
        try StandardOutput.print((verdict.isGood ? "ok       " : "missing  ") + "decoding  " + verdict.text)
        return verdict.isGood
    }

    private func languages(_ file: ModelFile) -> String {
        file.dimensions.isMultilingual ? "all languages" : "English only"
    }

    private static func find(_ command: String) -> String? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return folders.map { "\($0)/\(command)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
