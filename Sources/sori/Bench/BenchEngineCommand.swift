import ArgumentParser
import Audio
import Foundation
import Terminal
import Whisper

struct BenchEngineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "engine",
        abstract: "Measure the engine: load, mel, encoder, decoder, memory.",
        discussion: """
            Each figure is the least of several runs. Close other programs first: even one busy core distorts.

            EXAMPLES
              sori bench engine
              sori bench engine --model tiny.en --threads 2
              sori bench engine --audio talk.flac --json > engine.json
            """)

    @OptionGroup var engine: EngineOptions

    @Option(help: "Threads of the CPU backend.")
    var threads = 1

    @Option(help: "A recording whose first 30 s are transcribed; a hum is used without.")
    var audio: String?

    @Option(help: "Code of the language spoken in it.")
    var language = "en"

    @Option(name: .customLong("repeat"), help: "Runs of each measurement; the quickest counts.")
    var runs = 5

    @Flag(help: "Print JSON.")
    var json = false

    @Flag(help: "Also measure two lanes at work side by side.")
    var twoLanes = false

    func validate() throws {
        if threads < 1 || runs < 1 { throw ValidationError("--threads and --repeat take numbers from 1 on") }
    }

    func run() async throws {
        engine.startLog()
        do {
            let samples = try sound()
            var measurement = try EngineMeasurement.measure(
                options: engine, threads: threads, samples: samples, language: language, runs: runs)
            if twoLanes {
                measurement.lanes = try await LaneMeasurement.measure(
                    options: engine, samples: samples, language: language)
            }
            if json {
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.sortedKeys]
                encoder.keyEncodingStrategy = .convertToSnakeCase
                try StandardOutput.print(String(decoding: try encoder.encode(measurement), as: UTF8.self))
            } else {
                try StandardOutput.print(measurement.table)
            }
        } catch {
            throw failed(error)
        }
    }

    private func sound() throws -> [Float] {
        let count = 30 * Transcriber.sampleRate
        guard let audio else {
            return (0..<count).map { 0.1 * sin(Float($0) * 2 * .pi * 120 / Float(Transcriber.sampleRate)) }
        }
        let samples = try AudioFile.read(audio).samples.prefix(count)
        return samples + [Float](repeating: 0, count: count - samples.count)
    }
}
