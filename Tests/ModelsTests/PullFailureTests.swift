import Foundation
import Models
import Testing

/// What a user is told when a model cannot be had.
@Suite struct PullFailureTests {
    private let repository = HubRepository()

    /// Pulls into an empty store and hands over the error, and the store to look at.
    private func failure(
        of name: String = HubRepository.name, _ server: LoopbackServer, in store: ModelStore
    ) async throws -> ModelsError {
        let error = try await #require(throws: ModelsError.self) {
            try await puller(into: store, from: server.address, retries: 1).pull(name)
        }
        #expect(!error.message.contains("\n"))
        #expect(store.installed().isEmpty)
        return error
    }

    @Test func aWrongChecksumRemovesTheFile() async throws {
        try await LoopbackServer.serving(repository.served()) { server in
            try await withStore { store in
                server.fail(HubRepository.weights, .otherContent)
                let error = try await failure(server, in: store)
                #expect(error.code == .badChecksum)
                #expect(error.message.contains("model.bin"))
                // The next pull starts from nothing and succeeds.
                let model = try await puller(into: store, from: server.address).pull(HubRepository.name)
                #expect(server.requests.last { $0.path == HubRepository.weights }?.range == nil)
                #expect(try contents(of: model.location)["model.bin"] == repository.files["model.bin"])
            }
        }
    }

    @Test func aSmallFileIsCheckedToo() async throws {
        try await LoopbackServer.serving(repository.served()) { server in
            try await withStore { store in
                server.fail(HubRepository.address(of: "tokenizer.json"), .otherContent)
                let error = try await failure(server, in: store)
                #expect(error.code == .badChecksum)
            }
        }
    }

    @Test(arguments: [(404, ModelsError.Code.notFound), (401, .noAccess), (403, .noAccess), (418, .badAnswer)])
    func aRefusalIsSaidAtOnce(status: Int, code: ModelsError.Code) async throws {
        try await LoopbackServer.serving(repository.served()) { server in
            try await withStore { store in
                server.fail(HubRepository.weights, .status(status))
                let error = try await failure(server, in: store)
                #expect(error.code == code)
                #expect(server.requests.filter { $0.path == HubRepository.weights }.count == 1)
            }
        }
    }

    @Test func anUnknownRepositoryIsNotFound() async throws {
        try await LoopbackServer.serving([:]) { server in
            try await withStore { store in
                let error = try await failure(of: "nobody/nothing", server, in: store)
                #expect(error.code == .notFound)
                #expect(error.message.contains("nobody/nothing"))
            }
        }
    }

    @Test func aRepositoryWithoutAModelIsNotFound() async throws {
        let list = try JSONSerialization.data(withJSONObject: [
            ["type": "file", "path": "config.json", "size": 2, "oid": "00"]
        ])
        try await LoopbackServer.serving([HubRepository.list: list]) { server in
            try await withStore { store in
                let error = try await failure(server, in: store)
                #expect(error.code == .notFound)
                #expect(error.message.contains("model.bin"))
            }
        }
    }

    @Test func anAnswerThatIsNoListIsRefused() async throws {
        try await LoopbackServer.serving([HubRepository.list: Data("<html>".utf8)]) { server in
            try await withStore { store in
                let error = try await failure(server, in: store)
                #expect(error.code == .badAnswer)
            }
        }
    }

    @Test func aConnectionThatNeverLastsIsGivenUp() async throws {
        try await LoopbackServer.serving(repository.served()) { server in
            try await withStore { store in
                server.fail(HubRepository.weights, .noBody, .noBody, .noBody)
                let error = try await failure(server, in: store)
                #expect(error.code == .unreachable)
                #expect(server.requests.filter { $0.path == HubRepository.weights }.count == 2)
            }
        }
    }

    #if os(Linux)
        @Test func aFullDiskIsSaidInWords() async throws {
            try await LoopbackServer.serving(repository.served()) { server in
                try await withStore { store in
                    // The kernel has no room on /dev/full, so that is where the weights are made to go.
                    let digest = sha256(try #require(repository.files["model.bin"]))
                    let folder = store.directory.appending(path: HubRepository.name + ".partial")
                    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                    try FileManager.default.createSymbolicLink(
                        atPath: folder.appending(path: "model.bin.\(digest.prefix(16)).part").path,
                        withDestinationPath: "/dev/full")
                    let error = try await failure(server, in: store)
                    #expect(error.code == .diskFull)
                    #expect(error.message.contains("the disk is full"))
                }
            }
        }
    #endif
}
