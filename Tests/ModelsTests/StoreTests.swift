import Foundation
import Models
import Testing

/// Finding models on this machine, and checking them.
@Suite struct StoreTests {
    private func write(_ text: String, to path: String, in store: ModelStore) throws {
        let file = store.directory.appending(path: path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    @Test func listsBothFormatsAndNothingElse() async throws {
        try await withStore { store in
            #expect(store.installed().isEmpty)
            try write("12345", to: "base/model.bin", in: store)
            try write("1234", to: "ggml-tiny/ggml-tiny.bin", in: store)
            try write("123", to: "owner/repo/model.bin", in: store)
            try write("12", to: "small.partial/model.bin", in: store)
            try write("1", to: "notes/readme.txt", in: store)
            let installed = store.installed()
            #expect(installed.map(\.name) == ["base", "ggml-tiny", "owner/repo"])
            #expect(installed.map(\.format) == [.ctranslate2, .ggml, .ctranslate2])
            #expect(installed.map(\.bytes) == [5, 4, 3])
        }
    }

    @Test func locatesNamesAliasesAndPaths() async throws {
        try await withStore { store in
            try write("1", to: "large-v3-turbo/model.bin", in: store)
            try write("1", to: "ggml-tiny/ggml-tiny.bin", in: store)
            #expect(try store.locate("turbo").lastPathComponent == "large-v3-turbo")
            #expect(try store.locate("ggml-tiny").lastPathComponent == "ggml-tiny.bin")
            let path = store.directory.appending(path: "ggml-tiny/ggml-tiny.bin").path
            #expect(try store.locate(path).path == path)
        }
    }

    @Test func saysHowToGetAModelThatIsMissing() async throws {
        try await withStore { store in
            let known = try #require(throws: ModelsError.self) { try store.locate("turbo") }
            #expect(known.code == .notInstalled)
            #expect(known.message.contains("sori models pull large-v3-turbo"))
            let path = try #require(throws: ModelsError.self) { try store.locate("./no/such/folder/model") }
            #expect(path.message.contains("./no/such/folder/model"))
        }
    }

    @Test(arguments: [
        (["SORI_MODELS": "/m", "SORI_HOME": "/h"], "/m"),
        (["SORI_HOME": "/h", "XDG_DATA_HOME": "/x"], "/h/models"),
        (["XDG_DATA_HOME": "/x", "HOME": "/u"], "/x/sori/models"),
        (["HOME": "/u", "XDG_DATA_HOME": "", "SORI_HOME": ""], "/u/.local/share/sori/models"),
    ])
    func followsTheEnvironment(environment: [String: String], path: String) {
        let directory = ModelStore.standard(environment: environment).directory
        #expect(directory.pathComponents == URL(filePath: path).pathComponents)
    }

    @Test func findsEveryKindOfDamage() async throws {
        let repository = HubRepository()
        try await LoopbackServer.serving(repository.served()) { server in
            try await withStore { store in
                let model = try await puller(into: store, from: server.address).pull(HubRepository.name)
                try FileManager.default.removeItem(at: model.location.appending(path: "config.json"))
                try Data("b\na\n".utf8).write(to: model.location.appending(path: "vocabulary.txt"))
                try Data("short".utf8).write(to: model.location.appending(path: "tokenizer.json"))
                let verdicts = try store.verify(HubRepository.name)
                let outcomes = Dictionary(uniqueKeysWithValues: verdicts.map { ($0.name, $0.outcome) })
                #expect(
                    outcomes == [
                        "model.bin": .good, "config.json": .missing, "vocabulary.txt": .wrongContent,
                        "tokenizer.json": .wrongSize(5),
                    ])
                // A file that is gone or cut is fetched again.
                _ = try await puller(into: store, from: server.address).pull(HubRepository.name)
                #expect(try store.verify(HubRepository.name).allSatisfy { $0.outcome == .good })
            }
        }
    }

    @Test func hasNothingToCompareAModelWithThatWasPutThereByHand() async throws {
        try await withStore { store in
            try write("1", to: "base/model.bin", in: store)
            let unrecorded = try #require(throws: ModelsError.self) { try store.verify("base") }
            #expect(unrecorded.message.contains("sori models pull --force base"))
            let missing = try #require(throws: ModelsError.self) { try store.verify("small") }
            #expect(missing.message.contains("sori models pull small"))
        }
    }
}

/// Names of models.
@Suite struct CatalogTests {
    @Test(
        arguments: [
            ("base", "Systran/faster-whisper-base", "base", nil),
            ("turbo", "mobiuslabsgmbh/faster-whisper-large-v3-turbo", "large-v3-turbo", nil),
            ("owner/repo", "owner/repo", "owner/repo", nil),
            ("owner/repo/ggml-small-q8_0.bin", "owner/repo", "ggml-small-q8_0", "ggml-small-q8_0.bin"),
            ("ggml-base-q5_1", "ggerganov/whisper.cpp", "ggml-base-q5_1", "ggml-base-q5_1.bin"),
        ] as [(String, String, String, String?)])
    func aNameStandsForARepository(name: String, repository: String, folder: String, file: String?) throws {
        let model = try ModelCatalog.find(name)
        #expect(model.repository == repository)
        #expect(model.name == folder)
        #expect(model.file == file)
    }

    @Test(arguments: [
        "", "nosuch", "../base", "a/../b", "/etc/passwd", "a//b", "a/b/c/d", "a/b/c.txt", "a b/c", "a/b?x",
    ])
    func otherNamesAreRefused(name: String) throws {
        let error = try #require(throws: ModelsError.self) { try ModelCatalog.find(name) }
        #expect(error.code == .badName)
    }
}
