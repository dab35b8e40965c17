import Foundation
import Gateway
import Logging
import Models
import PrometheusMetrics
import Recognition
import ServiceLifecycle
import Whisper
import WhisperRecognition
import WhisperText

/// A server with its recogniser and detector, in this process.
struct ServerParts {
    let logger: Logger
    private let settings: ServerSettings
    private let recognizer: WhisperRecognizer
    private let detector: WhisperDetector
    private let registry: SessionRegistry
    private let metrics = PrometheusRegistry(GatewayMetrics.descriptions)
    private let readiness = Readiness()

    /// - Parameter logger: takes what the server has to say.
    init(_ settings: ServerSettings, logger: Logger = Logger(label: "sori")) throws {
        self.settings = settings
        self.logger = logger
        let store = ModelStore.standard()
        let device = try Device.select(settings.device)
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
            settings: settings.captions, limits: settings.limits, metrics: GatewayMetrics(factory: metrics),
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
        return metrics.text
    }

    /// The services to run, in the order in which they start.
    func services(
        onListening: @escaping @Sendable (Int) async -> Void
    ) -> [ServiceGroupConfiguration.ServiceConfiguration] {
        let server = GatewayServer(
            registry: registry, readiness: readiness, settings: settings, logger: logger, exposition: { exposition },
            onListening: onListening)
        let selfTest = SelfTest(
            recognizer: recognizer, detector: detector, readiness: readiness, admission: registry.admission,
            logger: logger)
        return [
            .init(service: selfTest, successTerminationBehavior: .ignore),
            .init(service: server, successTerminationBehavior: .gracefullyShutdownGroup),
        ]
    }
}

/// Recognises a sound before the first client comes, and when recognition has failed for everybody: only then can a session
/// be served.
private struct SelfTest: Service {
    let recognizer: WhisperRecognizer
    let detector: WhisperDetector
    let readiness: Readiness
    let admission: Admission
    let logger: Logger

    func run() async throws {
        try await recognizer.warmUp()
        try await test()
        if admission.isLimited { try await measure() }
        readiness.worked()
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                while true {
                    do { try await Task.sleep(for: .seconds(1)) } catch { return }
                    // Each failure is logged where a session meets it.
                    if readiness.isFailing, (try? await test()) != nil { readiness.worked() }
                }
            }
            try? await gracefulShutdown()
            group.cancelAll()
        }
    }

    /// Finds out what work costs, so that nobody has to speak before it is known how many have room.
    private func measure() async throws {
        let costs = try await recognizer.measureCosts()
        admission.calibrate(costs)
        let milliseconds = [costs.window, costs.finalSecond].map { "\(Int(($0 * 1000).rounded())) ms" }
        logger.info(
            "measured", metadata: ["window": "\(milliseconds[0])", "second of a final": "\(milliseconds[1])"])
    }

    /// Two seconds of a falling tone: what it becomes does not matter, that it can be decoded does.
    private func test() async throws {
        let tone = (0..<2 * Transcriber.sampleRate).map { 0.1 * sin(Float($0) * (0.2 - Float($0) * 2e-6)) }
        _ = try await detector.detect(.init(samples: tone))
        var options = DecodingOptions()
        options.language = "en"
        options.temperatures = [0]
        _ = try await recognizer.recognize(RecognitionRequest(samples: tone, options: options))
    }
}
