package import SoriProtocol

/// What happens while somebody is listened to, in order. Times are seconds from the first sample, and utterances are
/// counted on, also where a server has forgotten the session and another one took its place.
package enum LiveEvent: Sendable, Equatable {
    /// The connection is in another state.
    case status(LiveStatus)
    /// A server takes sound. Partials from before count no longer.
    case opened(session: String)
    /// Somebody begins to speak, or has stopped.
    case speech(ServerMessage.Speech)
    /// An utterance that is still spoken.
    case partial(ServerMessage.Partial)
    /// An utterance that is over; each comes once.
    case final(ServerMessage.Final)
    /// What an utterance means, some time after its final; each comes once.
    case translation(ServerMessage.Translation)
    /// Everything before, in seconds from the first sample, is in finals: it was asked for, or no sound has come for a while.
    case flushed(seconds: Double, ServerMessage.Flush.Reason)
    /// The server has something to tell the user.
    case notice(ServerMessage.Notice)
    /// Something went wrong, and the session goes on.
    case problem(ServerMessage.Failure)
    /// Sound of which there will be no text, and why.
    case lost(from: Double, to: Double, LossReason)
    /// So many times in all the microphone had more sound than was fetched in time.
    case overflow(count: Int)
    /// Everything is said; seconds of sound in all.
    case finished(seconds: Double)
}

/// Why sound has no text.
package enum LossReason: String, Sendable {
    /// There was no server for longer than sound is kept.
    case noRoom = "no_room"
    /// The server had taken it, and says that it did not come.
    case notTaken = "not_taken"
}

/// The state of the connection, as the user sees it. Times are those of ``LiveSession``'s clock.
package enum LiveStatus: Sendable, Equatable {
    /// The first connection is under way.
    case connecting
    /// The server listens.
    case listening
    /// No more sound comes; the last words are awaited.
    case finishing
    /// The connection broke; the next attempt is at this time, or under way without one.
    case reconnecting(at: Duration?, reason: String)
    /// The server has no room; the next attempt is at this time.
    case waiting(at: Duration, reason: String)
}

/// Why listening ended before everything was said.
package struct LiveError: Error, Sendable, Equatable, CustomStringConvertible {
    /// One line that says what is wrong and what to do.
    package let description: String

    /// Creates an error with its line.
    package init(_ description: String) {
        self.description = description
    }
}
