import ArgumentParser

struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure speed and accuracy on this machine.",
        discussion: """
            EXAMPLES
              sori bench engine
              sori bench engine --threads 2 --audio talk.flac --json
              sori bench windows --manifest recordings/manifest.jsonl
              sori bench stream --manifest recordings/manifest.jsonl
              sori bench simulate --manifest recordings/manifest.jsonl --silence 0.4
            """,
        subcommands: [
            BenchEngineCommand.self, BenchWindowsCommand.self, BenchDetectorCommand.self, BenchStreamCommand.self,
            BenchSimulateCommand.self,
        ])
}
