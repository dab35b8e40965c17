import Foundation
import Gateway
import Logging
import Models
import PrometheusMetrics
import Recognition
import ServiceLifecycle
import WebSockets
import Whisper
import WhisperRecognition
import WhisperText
import Worker

/// A worker: its model on lanes, and its server.
struct WorkerParts {
    /// Seconds for a second of sound, from which on a device is of no use for captions.
    private static let slow = 2.0

    let logger = Logger(label: "sori")
    /// What computes.
    let device: String
    private let settings: WorkerSettings
    private let encryption: ServerEncryption?
    private let service: WorkerService
    private let lanes: @Sendable () -> LaneStatistics
    private let model: Model
    private let start: @Sendable () async throws -> Void
    private let readiness = Readiness()
    private let metrics = PrometheusRegistry(MetricsTable.worker)

    /// - Throws: an error of one line when the device or the model is not there.
    init(_ settings: WorkerSettings) throws {
        self.settings = settings
        encryption = try settings.tls.encryption(logger: logger)
        let device = try Device.select(settings.device)
        self.device = device.name
        model = try Model(path: ModelStore.standard().locate(settings.model).path, device: device)
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let count = settings.lanes > 0 ? settings.lanes : device.kind == .cpu ? cores : 1
        switch settings.role {
        case .recognizer:
            let recognizer = try WhisperRecognizer(model: model, lanes: count, queueLimit: settings.queue)
            service = .recognition(recognizer)
            lanes = { recognizer.statistics }
            start = { [logger] in
                try await recognizer.warmUp()
                let work = try await SelfTest.check(recognizer)
                guard work < Self.slow else {
                    return logger.warning(
                        "the device is slow and its windows will be late: a second of sound took \(Int(work)) s")
                }
                _ = try await recognizer.measureCosts(logger)
            }
        case .detector:
            let detector = try WhisperDetector(
                model: model, lanes: settings.lanes > 0 ? settings.lanes : 1, queueLimit: settings.queue)
            service = .detection(detector)
            lanes = { detector.statistics }
            start = {}
        }
    }

    private var load: WorkerLoad {
        let lanes = lanes()
        let done = lanes.completed + lanes.failed
        return WorkerLoad(
            lanes: lanes.lanes.count, busy: lanes.running, queued: lanes.queued, queueLimit: lanes.queueLimit,
            averageWork: done > 0 ? lanes.ran / .seconds(1) / Double(done) : 0)
    }

    /// The services to run, in the order in which they start.
    func services(
        onListening: @escaping @Sendable (Int) async -> Void
    ) -> [ServiceGroupConfiguration.ServiceConfiguration] {
        let process = ProcessMetrics(factory: metrics, version: Version.current)
        let metrics = WorkerMetrics(factory: metrics)
        let routes = WorkerRoutes(
            service: service, readiness: readiness,
            vocabulary: settings.role == .recognizer ? model.tokenizer.vocabulary : nil, metrics: metrics,
            load: { load },
            exposition: {
                process.update()
                return self.metrics.text
            })
        let server = WorkerServer(
            service: service, place: ListeningAddress(settings.host), port: settings.port, token: settings.token,
            encryption: encryption, readiness: readiness, metrics: metrics, routes: routes, logger: logger,
            onListening: onListening)
        let test = WorkerTest(service: service, readiness: readiness, start: start)
        return [
            .init(service: test, successTerminationBehavior: .ignore),
            .init(service: server, successTerminationBehavior: .gracefullyShutdownGroup),
        ]
    }
}

/// Decodes a known sound before the worker is ready, and again while it fails.
private struct WorkerTest: Service, CustomStringConvertible {
    /// As it stands in the log: not with all that is in it, secrets too.
    var description: String { "self-test" }

    let service: WorkerService
    let readiness: Readiness
    let start: @Sendable () async throws -> Void

    func run() async throws {
        try await start()
        try await service.test()
        // The digest of the model's file is read now, not when the first gateway comes.
        try await service.describe()
        readiness.worked()
        await readiness.testAgain { try await service.test() }
    }
}
