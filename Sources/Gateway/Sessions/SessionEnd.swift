/// Why a session is over.
package enum SessionEnd: String, Sendable, CaseIterable {
    /// The client has finished, and has everything.
    case finished
    /// The client did not come back in time.
    case expired
    /// A new session needed its place, and its client was not here.
    case gaveWay = "gave_way"
    /// Another gateway goes on with it.
    case takenOver = "taken_over"
    /// An administrator ended it.
    case administrator
    /// The server stops.
    case serverStopped = "server_stopped"
    /// Its sound could not be converted.
    case failed
}
