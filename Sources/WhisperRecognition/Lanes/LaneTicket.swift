internal import Recognition

/// One caller who waits for one piece of work, with the type of its result hidden.
final class LaneTicket<Engine>: Sendable {
    let priority: RecognitionPriority
    let cancellation: CancellationFlag
    let submitted = ContinuousClock.now
    private let work: @Sendable (Engine) -> LaneOutcome
    private let refusal: @Sendable (RecognitionError) -> LaneOutcome

    init<Output: Sendable>(
        _ priority: RecognitionPriority, _ cancellation: CancellationFlag,
        caller: CheckedContinuation<Result<Output, RecognitionError>, Never>,
        work: @escaping @Sendable (Engine, CancellationFlag) throws -> Output
    ) {
        self.priority = priority
        self.cancellation = cancellation
        self.work = { engine in
            let result = Result { try work(engine, cancellation) }.mapError(RecognitionError.engineFailed)
            return LaneOutcome(result, for: caller)
        }
        refusal = { LaneOutcome(.failure($0), for: caller) }
    }

    /// Does the work, on the thread of a lane.
    func perform(on engine: Engine) -> LaneOutcome { work(engine) }

    /// What becomes of the ticket if nothing can be done.
    func failure(_ error: RecognitionError) -> LaneOutcome { refusal(error) }
}

/// A result on its way to its caller.
struct LaneOutcome: Sendable {
    let isSuccess: Bool
    /// Wakes the caller; must be called exactly once for each ticket.
    let deliver: @Sendable () -> Void

    fileprivate init<Output: Sendable>(
        _ result: Result<Output, RecognitionError>,
        for caller: CheckedContinuation<Result<Output, RecognitionError>, Never>
    ) {
        isSuccess = if case .success = result { true } else { false }
        deliver = { caller.resume(returning: result) }
    }
}
