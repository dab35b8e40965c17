import ContextStore
import Foundation
import Gateway
import Logging
import PrometheusMetrics
import Recognition
import Routing
import ServiceLifecycle
import SoriProtocol
import WebSockets
import WhisperText
import Worker

/// A gateway: sessions here, recognisers and detectors elsewhere.
struct GatewayParts {
    let logger = Logger(label: "sori")
    private let settings: ServerSettings
    private let access: Access
    private let encryption: ServerEncryption?
    private let recognizers: WorkerPool
    private let detectors: WorkerPool
    private let registry: SessionRegistry
    private let metrics = PrometheusRegistry(MetricsTable.gateway)
    private let process: ProcessMetrics
    private let readiness = Readiness()
    private let effective: [SettingsReader.Effective]

    /// - Parameter effective: all settings and where each came from, for administrators.
    /// - Throws: an error of one line when a setting is no address, or no mode.
    init(_ settings: ServerSettings, _ fleet: FleetSettings, effective: [SettingsReader.Effective]) async throws {
        self.settings = settings
        self.effective = effective
        access = try await Access(checking: settings, logger: logger)
        encryption = try settings.tls.encryption(logger: logger)
        guard let mode = RoutingMode(rawValue: fleet.mode) else {
            throw CommandError("'workers.mode' must be auto, cpu or gpu; '\(fleet.mode)' is not")
        }
        process = ProcessMetrics(factory: metrics, version: Version.current)
        let counted = RoutingMetrics(factory: metrics)
        let trusted: TrustedRoots = fleet.trust.map { .file($0) } ?? .system
        // Now, not at the first connection.
        _ = try trusted.clientConfiguration()
        recognizers = WorkerPool(
            path: WorkerService.recognitionPath, discovery: try Workers.discovery(fleet.recognizers, logger: logger),
            token: fleet.token, trustedRoots: trusted, logger: logger
        ) { counted.take($0, role: "recognizer") }
        detectors = WorkerPool(
            path: WorkerService.detectionPath, discovery: try Workers.discovery(fleet.detectors, logger: logger),
            token: fleet.token, trustedRoots: trusted, logger: logger
        ) { counted.take($0, role: "detector") }
        recognizers.change { $0.mode = mode }
        let keeping = try fleet.redis.map { try Self.keeping($0, settings) }
        registry = SessionRegistry(
            engine: nil, settings: settings.captions, limits: settings.limits,
            metrics: GatewayMetrics(factory: metrics), readiness: readiness, keeping: keeping,
            logger: logger)
        readiness.workers(areMissingBecause: "none has been there yet")
    }

    /// Sessions are kept for as long as they wait for their clients, and a while longer: a gateway that is gone renews nothing.
    private static func keeping(_ redis: String, _ settings: ServerSettings) throws -> SessionKeeping {
        let timeToLive = settings.limits.resume + 60
        let options = RedisOptions(try RedisAddress(redis))
        let store = ResilientContextStore(
            try RedisContextStore(options, timeToLive: timeToLive), memory: MemoryContextStore(timeToLive: timeToLive))
        let name = "\(ProcessInfo.processInfo.hostName):\(ProcessInfo.processInfo.processIdentifier)"
        return SessionKeeping(store: store, owner: name, timeToLive: timeToLive)
    }

    /// The metrics in Prometheus' text format, now.
    private var exposition: String {
        let counted = RoutingMetrics(factory: metrics)
        for (role, pool) in [("recognizer", recognizers), ("detector", detectors)] {
            counted.set(pool.read { $0 }, role: role)
        }
        process.update()
        return metrics.text
    }

    /// The services to run, in the order in which they start.
    func services(
        onListening: @escaping @Sendable (Int) async -> Void
    ) -> [ServiceGroupConfiguration.ServiceConfiguration] {
        let recognizer = RoutedRecognizer(recognizers)
        let detector = RoutedDetector(detectors)
        let server = GatewayServer(
            registry: registry, readiness: readiness, settings: settings, access: access,
            encryption: encryption, logger: logger,
            admin: AdminRoutes(
                registry: registry, fleet: .init(recognizers: recognizers, detectors: detectors),
                access: access, settings: effective, showsText: settings.adminText,
                obs: OBSRelay(settings.obs, registry: registry, logger: logger), logger: logger,
                exposition: { exposition }),
            passesOn: [.recognition(recognizer), .detection(detector)], workerMetrics: WorkerMetrics(factory: metrics),
            exposition: { exposition }, onListening: onListening)
        let fleet = FleetService(
            recognizers: recognizers, detectors: detectors, registry: registry, readiness: readiness, logger: logger)
        return [
            .init(service: fleet, successTerminationBehavior: .ignore),
            .init(service: server, successTerminationBehavior: .gracefullyShutdownGroup),
        ]
    }
}

/// Keeps the connections to workers, and tells the gateway what they can do.
private struct FleetService: Service, CustomStringConvertible {
    /// As it stands in the log: not with all that is in it, secrets too.
    var description: String { "fleet" }

    let recognizers: WorkerPool
    let detectors: WorkerPool
    let registry: SessionRegistry
    let readiness: Readiness
    let logger: Logger

    func run() async throws {
        // Told to stop after the server has: sessions get their last words from workers.
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await recognizers.run() }
            group.addTask { await detectors.run() }
            group.addTask { await watch() }
            try? await gracefulShutdown()
            group.cancelAll()
        }
    }

    /// Serves sessions once the vocabulary is known, and follows how many lanes there are.
    private func watch() async {
        do {
            try await learnVocabulary()
            while true {
                let capacity = recognizers.read { $0.capacity(at: .now) }
                readiness.workers(areMissingBecause: recognizers.read { $0.unavailableReason(at: .now) })
                if let capacity { registry.admission.set(lanes: capacity.lanes) }
                try await recognizers.change(within: .seconds(1))
            }
        } catch {}
    }

    private func learnVocabulary() async throws {
        while true {
            let (address, hello) = try await recognizers.firstReady()
            do {
                let vocabulary = try await recognizers.get(
                    Vocabulary.self, "/v1/vocabulary", from: address, within: 10, upTo: 1 << 23)
                if let costs = hello.recognizer?.costs { registry.admission.calibrate(costs) }
                return registry.use(
                    SpeechEngine(
                        recognizer: RoutedRecognizer(recognizers), detector: RoutedDetector(detectors),
                        tokenizer: Tokenizer(vocabulary), lanes: hello.recognizer?.lanes ?? 1))
            } catch {
                logger.warning(
                    "a recogniser does not give its vocabulary",
                    metadata: ["worker": "\(address)", "error": "\(error)"])
                try await Task.sleep(for: .seconds(1))
            }
        }
    }
}
