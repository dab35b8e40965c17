internal import Locks
public import Recognition
public import Whisper
public import WhisperText

/// Recognises with Whisper on lanes of this process.
public final class WhisperRecognizer: SpeechRecognizer {
    /// The model that all lanes share.
    public let model: Model
    /// How many windows are decoded at the same time.
    public let laneCount: Int
    private let lanes: LanePool<Transcriber>
    private let identity: ModelIdentity
    private let costs = Guarded<RecognitionCosts?>(nil)
    /// What live windows have left for the next ones, on whichever lane these are.
    private let keptWindows = Guarded(KeptWindows(bytes: 512 << 20))

    /// - Parameters:
    ///   - model: a loaded model.
    ///   - lanes: how many windows are decoded at the same time: as many as there are cores to spare.
    ///   - threads: threads of each lane; more than 1 only for a single lane on an idle machine.
    ///   - queueLimit: how many requests may wait.
    /// - Throws: ``RecognitionError`` if the system has no threads left.
    public init(model: Model, lanes: Int, threads: Int = 1, queueLimit: Int = 64) throws {
        self.model = model
        identity = ModelIdentity(model)
        laneCount = max(lanes, 1)
        self.lanes = try LanePool(name: "recognise", count: lanes, queueLimit: queueLimit) {
            try Transcriber(model: model, threads: threads)
        }
    }

    /// Makes every lane ready, so that the first request need not wait for memory.
    public func warmUp() async throws(RecognitionError) {
        try await lanes.warmUp()
    }

    /// Writes the text of one window on the first idle lane.
    public func recognize(_ request: RecognitionRequest) async throws(RecognitionError) -> RecognitionResult {
        try RequestBounds().check(request, for: identity.description)
        return try await lanes.submit(priority: request.priority) { engine, cancellation in
            let start = ContinuousClock.now
            var kept = request.place.flatMap { place in self.keptWindows.withLock { $0.take(place, at: start) } }
            defer {
                if let place = request.place, let kept {
                    self.keptWindows.withLock { $0.put(kept, at: place, now: .now) }
                }
            }
            var result = try engine.recognize(request, keeping: &kept) { cancellation.isCancelled }
            result.work = (.now - start) / .seconds(1)
            return result
        }
    }

    /// What recognises; its costs once they are measured. The first call reads the model's file for its digest.
    public func describe() async throws(RecognitionError) -> RecognizerDescription {
        RecognizerDescription(
            model: try await identity.complete(), device: model.device.name, lanes: laneCount,
            costs: costs.withLock(\.self))
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
        priority: RecognitionPriority = .background,
        isBelieved: @escaping @Sendable (Segment) -> Bool = { _ in true },
        onSegment: @escaping @Sendable (Segment) -> Void = { _ in },
        onProgress: @escaping @Sendable (Double) -> Void = { _ in }
    ) async throws(RecognitionError) -> Transcript {
        try await lanes.submit(priority: priority) { engine, cancellation in
            try engine.transcribe(
                samples, spoken: spoken, options: options, isCancelled: { cancellation.isCancelled },
                isBelieved: isBelieved, onSegment: onSegment, onProgress: onProgress)
        }
    }

    func take(_ measured: RecognitionCosts) { costs.withLock { $0 = measured } }

    /// What the lanes do now and have done so far.
    package var statistics: LaneStatistics {
        lanes.statistics
    }

    /// Finishes what was asked for and refuses more.
    public func drain() async {
        await lanes.drain()
    }
}
