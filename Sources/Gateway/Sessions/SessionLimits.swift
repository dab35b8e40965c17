/// What one session, and all together, may take.
package struct SessionLimits: Sendable, Equatable {
    /// Sessions at a time.
    package var sessions = 32
    /// Sessions at a time of a token that says nothing else.
    package var sessionsPerToken = 8
    /// Nobody new is let in when live windows would have to be further apart than so many seconds; 0 for no such limit.
    package var longestHop = 0.8
    /// Seconds that a session waits for its client to come back.
    package var resume = 120.0
    /// Seconds of sound that may wait to be dealt with.
    package var unprocessed = 120.0
    /// Seconds without sound from a client that is connected, after which what was said becomes final; 0 for never. For
    /// clients that do not say.
    package var gap = 2.0
    /// The longest gap that a client may ask for.
    package static let longestGap = 60.0
    /// Seconds without a message from the client, while it is owed no text.
    package var idle = 60.0
    /// Seconds that a new connection has for its request, and a client for its first message.
    package var firstMessage = 10.0
    /// Onlookers of a session at a time.
    package var onlookers = 100
    /// Characters (code points) of prompt and hotwords together.
    package var promptCharacters = 2000
    /// Hotwords.
    package var hotwords = 200
    /// Languages that may come into question.
    package var languages = 100

    package init() {}
}
