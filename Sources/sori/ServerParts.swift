import Foundation
import Gateway
import Logging
import Models
import PrometheusMetrics
import Recognition
import ServiceLifecycle
import SoriProtocol
import WebSockets
import Whisper
import WhisperRecognition
import WhisperText

/// A server with its recogniser and detector, in this process.
struct ServerParts {
    let logger: Logger
    private let settings: ServerSettings
    private let access: Access
    private let encryption: ServerEncryption?
    private let recognizer: WhisperRecognizer
    private let detector: WhisperDetector
    private let deviceName: String
    private let registry: SessionRegistry
    private let metrics = PrometheusRegistry(MetricsTable.server)
    private let process: ProcessMetrics
    private let readiness = Readiness()
    private let effective: [SettingsReader.Effective]

    /// - Parameters:
    ///   - effective: all settings and where each came from, for administrators.
    ///   - logger: takes what the server has to say.
    init(
        _ settings: ServerSettings, effective: [SettingsReader.Effective] = [], logger: Logger = Logger(label: "sori")
    ) async throws {
        self.settings = settings
        self.effective = effective
        self.logger = logger
        access = try await Access(checking: settings, logger: logger)
        encryption = try settings.tls.encryption(logger: logger)
        let store = ModelStore.standard()
        process = ProcessMetrics(factory: metrics, version: Version.current)
        let device = try Device.select(settings.device)
        deviceName = device.name
        let model = try Model(path: store.locate(settings.model).path, device: device)
        let small = try Model(path: store.locate(settings.detector).path, device: device)
        let cores = ProcessInfo.processInfo.activeProcessorCount
        recognizer = try WhisperRecognizer(
            model: model, lanes: settings.lanes > 0 ? settings.lanes : cores, queueLimit: 4 * settings.limits.sessions)
        detector = try WhisperDetector(model: small, lanes: 1, queueLimit: 4 * settings.limits.sessions)
        registry = SessionRegistry(
            engine: SpeechEngine(
                recognizer: recognizer, detector: detector, tokenizer: model.tokenizer,
                lanes: recognizer.laneCount),
            settings: settings.captions, limits: settings.limits,
            metrics: GatewayMetrics(factory: metrics, device: device.kind == .cpu ? "cpu" : "gpu"),
            readiness: readiness, logger: logger)
    }

    /// Waits until a session can be served.
    func waitUntilReady() async throws {
        while readiness.unavailableReason != nil { try await Task.sleep(for: .milliseconds(20)) }
    }

    /// The metrics in Prometheus' text format, now.
    private var exposition: String {
        let lanes = recognizer.statistics
        registry.metrics.setLanes(
            lanes.lanes.count, busy: lanes.lanes.count(where: \.isBusy), queued: lanes.queued)
        process.update()
        return metrics.text
    }

    /// Recogniser and detector, as administrators see the workers of a gateway.
    private var ownWorkers: [AdminWorkers.Worker] {
        let reason = readiness.unavailableReason
        return [
            ("recognizer", settings.model, recognizer.statistics), ("detector", settings.detector, detector.statistics),
        ].map { role, model, lanes in
            let work = lanes.lanes.reduce(0) { $0 + $1.busy / .seconds(1) } / Double(max(1, lanes.completed))
            return AdminWorkers.Worker(
                address: "this server", role: role, state: reason == nil ? "ready" : "not_ready", reason: reason,
                device: deviceName, model: model, lanes: lanes.lanes.count, inFlight: lanes.running,
                queue: lanes.queued, expectedWait: work * Double(lanes.queued) / Double(max(1, lanes.lanes.count)),
                averageWork: work, answered: lanes.completed, failed: lanes.failed, history: [])
        }
    }

    /// The services to run, in the order in which they start.
    func services(
        onListening: @escaping @Sendable (Int) async -> Void
    ) -> [ServiceGroupConfiguration.ServiceConfiguration] {
        let server = GatewayServer(
            registry: registry, readiness: readiness, settings: settings, access: access,
            encryption: encryption, logger: logger,
            admin: AdminRoutes(
                registry: registry, fleet: nil, own: { ownWorkers }, access: access, settings: effective,
                showsText: settings.adminText,
                obs: OBSRelay(settings.obs, registry: registry, logger: logger), logger: logger,
                exposition: { exposition }),
            exposition: { exposition }, onListening: onListening)
        let selfTest = StartTest(
            recognizer: recognizer, detector: detector, readiness: readiness, admission: registry.admission,
            logger: logger)
        return [
            .init(service: selfTest, successTerminationBehavior: .ignore),
            .init(service: server, successTerminationBehavior: .gracefullyShutdownGroup),
        ]
    }
}
