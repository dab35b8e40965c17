import Foundation
import Models
import Testing

/// Pulling from a hub when all goes well, and when the connection does not last.
@Suite struct PullTests {
    private let repository = HubRepository()

    @Test func bringsTheModelsFilesAndARecordOfThem() async throws {
        try await LoopbackServer.serving(repository.served()) { server in
            try await withStore { store in
                var events: [PullEvent] = []
                let model = try await puller(into: store, from: server.address).pull(HubRepository.name) {
                    events.append($0)
                }

                var files = try contents(of: model.location)
                #expect(files.removeValue(forKey: ModelRecord.fileName) != nil)
                #expect(files == repository.files)
                #expect(model.format == .ctranslate2)
                #expect(store.installed() == [model])
                #expect(try store.verify(HubRepository.name).allSatisfy { $0.outcome == .good })

                let total = repository.files.values.reduce(0) { $0 + $1.count }
                #expect(model.record?.bytes == total)
                let done = events.compactMap { if case .progress(_, let done, total) = $0 { done } else { nil } }
                #expect(done == done.sorted() && done.last == total)
                #expect(events.first == .source("hub \(HubRepository.name)"))
            }
        }
    }

    @Test func asksForNothingWhenTheModelIsThere() async throws {
        try await LoopbackServer.serving(repository.served()) { server in
            try await withStore { store in
                let puller = puller(into: store, from: server.address)
                let model = try await puller.pull(HubRepository.name)
                let requests = server.requests
                var events: [PullEvent] = []
                let again = try await puller.pull(HubRepository.name) { events.append($0) }
                #expect(again == model)
                #expect(events == [.alreadyThere])
                #expect(server.requests == requests)
            }
        }
    }

    @Test func goesOnWhereTheConnectionWasLost() async throws {
        try await LoopbackServer.serving(repository.served()) { server in
            try await withStore { store in
                server.fail(HubRepository.weights, .stall(after: 100_000), .stall(after: 50_000))
                var reasons: [String] = []
                let model = try await puller(into: store, from: server.address).pull(HubRepository.name) {
                    server.hangUp(on: $0, at: 100_000, 150_000)
                    if case .retrying(let reason, _) = $0 { reasons.append(reason) }
                }
                let ranges = server.requests.filter { $0.path == HubRepository.weights }.map(\.range)
                #expect(ranges == [nil, "bytes=100000-", "bytes=150000-"])
                #expect(reasons == ["the connection was lost", "the connection was lost"])
                #expect(try contents(of: model.location)["model.bin"] == repository.files["model.bin"])
            }
        }
    }

    @Test func goesOnInALaterRun() async throws {
        try await LoopbackServer.serving(repository.served()) { server in
            try await withStore { store in
                server.fail(HubRepository.weights, .stall(after: 100_000))
                let error = try await #require(throws: ModelsError.self) {
                    try await puller(into: store, from: server.address, retries: 0).pull(HubRepository.name) {
                        server.hangUp(on: $0, at: 100_000)
                    }
                }
                #expect(error.code == .unreachable)
                #expect(error.message.contains("run the same command again"))
                #expect(store.installed().isEmpty)

                let model = try await puller(into: store, from: server.address).pull(HubRepository.name)
                #expect(server.requests.last { $0.path == HubRepository.weights }?.range == "bytes=100000-")
                #expect(try contents(of: model.location)["model.bin"] == repository.files["model.bin"])
            }
        }
    }

    @Test func keepsWhatHasArrivedWhenItIsCancelled() async throws {
        try await LoopbackServer.serving(repository.served()) { server in
            try await withStore { store in
                server.fail(HubRepository.weights, .stall(after: 100_000))
                let arrived = AsyncStream<Void>.makeStream()
                await withTaskGroup { group in
                    group.addTask {
                        await #expect(throws: CancellationError.self) {
                            try await puller(into: store, from: server.address).pull(HubRepository.name) { event in
                                guard case .progress("model.bin", let done, _) = event, done >= 100_000 else { return }
                                arrived.continuation.finish()
                            }
                        }
                    }
                    for await _ in arrived.stream {}
                    group.cancelAll()
                }
                _ = try await puller(into: store, from: server.address).pull(HubRepository.name)
                #expect(server.requests.last { $0.path == HubRepository.weights }?.range == "bytes=100000-")
            }
        }
    }

    @Test(arguments: [LoopbackServer.Fault.ignoredRange, .status(416)])
    func startsAgainWhereAServerCannotGoOn(fault: LoopbackServer.Fault) async throws {
        try await LoopbackServer.serving(repository.served()) { server in
            try await withStore { store in
                server.fail(HubRepository.weights, .stall(after: 100_000), fault)
                let model = try await puller(into: store, from: server.address).pull(HubRepository.name) {
                    server.hangUp(on: $0, at: 100_000)
                }
                let ranges = server.requests.filter { $0.path == HubRepository.weights }.map(\.range)
                #expect(ranges.prefix(2) == [nil, "bytes=100000-"])
                #expect(try contents(of: model.location)["model.bin"] == repository.files["model.bin"])
            }
        }
    }

    @Test func waitsForABusyServer() async throws {
        try await LoopbackServer.serving(repository.served()) { server in
            try await withStore { store in
                server.fail(HubRepository.weights, .status(503), .status(429))
                let model = try await puller(into: store, from: server.address).pull(HubRepository.name)
                #expect(try contents(of: model.location)["model.bin"] == repository.files["model.bin"])
            }
        }
    }

    @Test func pullsASingleFile() async throws {
        let file = noise(bytes: 10_000)
        let entries = [
            ["type": "file", "path": "ggml-x-q5_1.bin", "size": file.count, "oid": "00", "lfs": ["oid": sha256(file)]],
            ["type": "file", "path": "ggml-x.bin", "size": 99, "oid": "00"],
        ]
        let served = [
            "/api/models/ggerganov/whisper.cpp/tree/main": try JSONSerialization.data(withJSONObject: entries),
            "/ggerganov/whisper.cpp/resolve/main/ggml-x-q5_1.bin": file,
        ]
        try await LoopbackServer.serving(served) { server in
            try await withStore { store in
                let model = try await puller(into: store, from: server.address).pull("ggml-x-q5_1")
                #expect(model.format == .ggml)
                #expect(try store.locate("ggml-x-q5_1") == model.location)
                #expect(try Data(contentsOf: model.location) == file)
            }
        }
    }

    @Test func showsItsToken() async throws {
        try await LoopbackServer.serving(repository.served()) { server in
            try await withStore { store in
                let configuration = ModelPuller.Configuration(environment: [
                    "HF_TOKEN": "hf_secret", "HF_ENDPOINT": server.address + "/",
                ])
                _ = try await ModelPuller(into: store, configuration: configuration).pull(HubRepository.name)
                #expect(server.requests.allSatisfy { $0.authorization == "Bearer hf_secret" })
            }
        }
    }
}
