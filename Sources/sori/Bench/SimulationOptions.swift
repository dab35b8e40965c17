import ArgumentParser
import Foundation

/// The machine of a simulation.
struct SimulationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How long work takes, from `sori bench engine --json`; without, as long as it really takes.",
            valueName: "file"))
    var costs: String?

    @Option(help: "The model that tells speech from other sound.")
    var detector = "tiny.en"

    @Flag(help: "Compute every live window as a whole, whatever the one before has left.")
    var wholeWindows = false

    /// The engine. With costs from a file, work is computed on all cores.
    func make(_ engine: EngineOptions) throws -> SimulatedEngine {
        let costs = try costs.map(EngineCosts.init(file:))
        let cores = ProcessInfo.processInfo.activeProcessorCount
        return try SimulatedEngine(
            engine, detector: detector, lanes: costs == nil ? 1 : cores, costs: costs, keepsWindows: !wholeWindows)
    }
}
