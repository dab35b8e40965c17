internal import Recognition
internal import SoriProtocol

extension Readiness {
    /// - Throws: ``RequestFailure`` when no session can be served.
    func check() throws {
        if isStopping { throw RequestFailure.serverStops }
        if let unavailableReason {
            throw RequestFailure(.noWorkerReady, "\(unavailableReason); try again soon", retryAfter: 2)
        }
    }
}
