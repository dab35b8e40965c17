internal import Foundation
internal import HTTPTypes
package import Hummingbird
internal import NIOCore
package import Recognition
package import SoriProtocol
package import WhisperText

/// What a worker answers beside its WebSocket: readiness, health, metrics, and its model's vocabulary.
package struct WorkerRoutes: Sendable {
    private let service: WorkerService
    private let readiness: Readiness
    private let vocabulary: Vocabulary?
    private let metrics: WorkerMetrics
    private let load: @Sendable () -> WorkerLoad
    private let exposition: @Sendable () -> String

    /// - Parameters:
    ///   - vocabulary: a recogniser's, from which a gateway makes its tokenizer.
    ///   - load: how busy the lanes are now.
    ///   - exposition: the metrics in Prometheus' text format.
    package init(
        service: WorkerService, readiness: Readiness, vocabulary: Vocabulary?, metrics: WorkerMetrics,
        load: @escaping @Sendable () -> WorkerLoad, exposition: @escaping @Sendable () -> String
    ) {
        self.service = service
        self.readiness = readiness
        self.vocabulary = vocabulary
        self.metrics = metrics
        self.load = load
        self.exposition = exposition
    }

    /// The routes, each by its path.
    package var router: Router<BasicRequestContext> {
        let router = Router()
        router.get("is_ready") { _, _ in
            let status = try await status()
            return try json(status, status: status.ready ? .ok : .serviceUnavailable)
        }
        router.get("health/live") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "text/plain; charset=utf-8"],
                body: .init(byteBuffer: ByteBuffer(string: "alive\n")))
        }
        router.get("metrics") { _, _ in
            metrics.set(isReady: readiness.unavailableReason == nil, load())
            return Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: .init(byteBuffer: ByteBuffer(string: exposition())))
        }
        if let vocabulary {
            router.get("v1/vocabulary") { _, _ in try json(vocabulary, status: .ok) }
        }
        return router
    }

    /// Whether requests are taken now.
    package func status() async throws -> WorkerStatus {
        let load = load()
        let full = "the queue is full (\(load.queued) wait)"
        let reason = readiness.unavailableReason ?? (load.isFull ? full : nil)
        var status: WorkerStatus
        switch service {
        case .recognition(let recognizer):
            let description = try await recognizer.describe()
            status = WorkerStatus(
                ready: reason == nil, role: "recognizer", model: description.model.name,
                digest: description.model.digest, device: description.device, lanes: load.lanes)
        case .detection(let detector):
            let description = try await detector.describe()
            status = WorkerStatus(
                ready: reason == nil, role: "detector", model: description.model.name,
                digest: description.model.digest, device: description.device, lanes: load.lanes)
        }
        status.reason = reason
        (status.busy, status.queue, status.queueLimit) = (load.busy, load.queued, load.queueLimit)
        status.expectedWait = load.expectedWait
        return status
    }

    private func json(_ value: some Encodable, status: HTTPResponse.Status) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        return Response(
            status: status, headers: [.contentType: "application/json; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(bytes: try encoder.encode(value) + [UInt8(ascii: "\n")])))
    }
}
