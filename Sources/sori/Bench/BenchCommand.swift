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
              sori bench recordings --manifest recordings/manifest.jsonl
              sori bench stream --manifest recordings/manifest.jsonl
              sori bench capacity --languages ko
              sori bench soak --rounds 12
              sori bench simulate --manifest recordings/manifest.jsonl --silence 0.4
              sori bench sweep --vary hop=0.3,0.5,0.8 --costs costs.json
              sori bench report whisperlive.json --html whisperlive.html
            """,
        subcommands: [
            BenchEngineCommand.self, BenchWindowsCommand.self, BenchDetectorCommand.self, BenchRecordingsCommand.self,
            BenchStreamCommand.self, BenchCapacityCommand.self, BenchSoakCommand.self, BenchSimulateCommand.self,
            BenchSweepCommand.self, BenchReportCommand.self,
        ])
}
