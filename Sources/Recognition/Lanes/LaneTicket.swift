/// One caller waiting for one request, with the types of request and result hidden.
protocol LaneTicket<Engine>: AnyObject, Sendable {
    associatedtype Engine

    var cancellation: CancellationFlag { get }
    var priority: LanePriority { get }
    var batchKey: BatchKey? { get }
    var submitted: ContinuousClock.Instant { get }

    /// Does the work of several tickets with the same key, this one among them.
    func perform(_ batch: [any LaneTicket<Engine>], on engine: Engine) -> [LaneOutcome]

    /// What becomes of the ticket if nothing can be done.
    func failure(_ error: RecognitionError) -> LaneOutcome
}

/// A result on its way to its caller.
struct LaneOutcome: Sendable {
    let isSuccess: Bool
    /// Wakes the caller; must be called exactly once for each ticket.
    let deliver: @Sendable () -> Void
}

final class RequestTicket<Request: LaneRequest>: LaneTicket {
    typealias Outcome = Result<Request.Output, RecognitionError>

    let item: LaneItem<Request>
    let priority: LanePriority
    let submitted = ContinuousClock.now
    private let caller: CheckedContinuation<Outcome, Never>

    init(_ item: LaneItem<Request>, priority: LanePriority, caller: CheckedContinuation<Outcome, Never>) {
        self.item = item
        self.priority = priority
        self.caller = caller
    }

    var cancellation: CancellationFlag { item.cancellation }

    var batchKey: BatchKey? {
        item.request.batchKey.map { BatchKey(type: Request.self, value: $0) }
    }

    func perform(_ batch: [any LaneTicket<Request.Engine>], on engine: Request.Engine) -> [LaneOutcome] {
        // Equal keys mean equal types, so nothing is left out.
        let tickets = batch.compactMap { $0 as? RequestTicket<Request> }
        do {
            let results = try Request.perform(tickets.map(\.item), on: engine)
            guard results.count == tickets.count else {
                throw RecognitionError(
                    .engineFailed,
                    "\(Request.self) gave \(results.count) results for \(tickets.count) requests; correct its perform")
            }
            return zip(tickets, results).map { ticket, result in
                ticket.outcome(result.mapError(RecognitionError.engineFailed))
            }
        } catch {
            return tickets.map { $0.failure(.engineFailed(error)) }
        }
    }

    func failure(_ error: RecognitionError) -> LaneOutcome {
        outcome(.failure(error))
    }

    private func outcome(_ result: Outcome) -> LaneOutcome {
        var isSuccess = false
        if case .success = result { isSuccess = true }
        return LaneOutcome(isSuccess: isSuccess) { [caller] in caller.resume(returning: result) }
    }
}
