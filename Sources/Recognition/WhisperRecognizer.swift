public import Whisper

/// Recognises with Whisper on lanes of this process.
public final class WhisperRecognizer: SpeechRecognizer {
    /// The model that all lanes share.
    public let model: Model
    /// How many windows are decoded at the same time.
    public let laneCount: Int
    private let lanes: LanePool<Transcriber>

    /// - Parameters:
    ///   - model: a loaded model.
    ///   - lanes: how many windows are decoded at the same time: as many as there are cores to spare.
    ///   - threads: threads of each lane; more than 1 only for a single lane on an idle machine.
    ///   - queueLimit: how many requests may wait.
    /// - Throws: ``RecognitionError`` if the system has no threads left.
    public init(model: Model, lanes: Int, threads: Int = 1, queueLimit: Int = 64) throws {
        self.model = model
        laneCount = max(lanes, 1)
        self.lanes = try LanePool(name: "recognise", count: lanes, queueLimit: queueLimit) {
            try Transcriber(model: model, threads: threads)
        }
    }

    /// Makes every lane ready, so that the first request need not wait for memory.
    public func warmUp() async throws {
        try await lanes.warmUp()
    }

    /// Writes the text of one window on the first idle lane.
    public func recognize(_ request: RecognitionRequest) async throws -> RecognitionResult {
        try await lanes.submit(WindowWork(request: request), priority: request.priority)
    }

    /// Writes down a whole recording on one lane.
    ///
    /// - Parameters:
    ///   - samples: sound at 16 kHz in -1...1, of any length.
    ///   - spoken: samples between which somebody speaks, in order; `nil` decodes all of the sound.
    ///   - options: how to decode.
    ///   - priority: who goes first when lanes are short.
    ///   - isBelieved: whether a segment was said; asked on the lane's thread. One that was not is left out.
    ///   - onSegment: told of every finished segment, on the lane's thread.
    ///   - onProgress: told how many seconds are done, on the lane's thread.
    public func transcribe(
        _ samples: [Float], spoken: [Range<Int>]? = nil, options: DecodingOptions,
        priority: LanePriority = .background,
        isBelieved: @escaping @Sendable (Segment) -> Bool = { _ in true },
        onSegment: @escaping @Sendable (Segment) -> Void = { _ in },
        onProgress: @escaping @Sendable (Double) -> Void = { _ in }
    ) async throws -> Transcript {
        try await lanes.submit(
            RecordingWork(
                samples: samples, spoken: spoken, options: options, isBelieved: isBelieved, onSegment: onSegment,
                onProgress: onProgress),
            priority: priority)
    }

    /// What the lanes do now and have done so far.
    package var statistics: LaneStatistics {
        lanes.statistics
    }

    /// Finishes what was asked for and refuses more.
    public func drain() async {
        await lanes.drain()
    }
}

/// One window.
private struct WindowWork: LaneRequest {
    let request: RecognitionRequest

    static func perform(
        _ batch: [LaneItem<WindowWork>], on engine: Transcriber
    ) throws -> [Result<RecognitionResult, any Error>] {
        batch.map { item in Result { try item.request.run(on: engine, cancellation: item.cancellation) } }
    }

    private func run(on engine: Transcriber, cancellation: CancellationFlag) throws -> RecognitionResult {
        let clock = ContinuousClock()
        let start = clock.now
        var result = try engine.recognize(request) { cancellation.isCancelled }
        result.work = (clock.now - start) / .seconds(1)
        return result
    }
}

/// A recording of any length.
private struct RecordingWork: LaneRequest {
    let samples: [Float]
    let spoken: [Range<Int>]?
    let options: DecodingOptions
    let isBelieved: @Sendable (Segment) -> Bool
    let onSegment: @Sendable (Segment) -> Void
    let onProgress: @Sendable (Double) -> Void

    static func perform(
        _ batch: [LaneItem<RecordingWork>], on engine: Transcriber
    ) throws -> [Result<Transcript, any Error>] {
        batch.map { item in
            Result {
                try engine.transcribe(
                    item.request.samples, spoken: item.request.spoken, options: item.request.options,
                    isCancelled: { item.cancellation.isCancelled }, isBelieved: item.request.isBelieved,
                    onSegment: item.request.onSegment,
                    onProgress: item.request.onProgress)
            }
        }
    }
}
