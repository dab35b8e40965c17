import SoriProtocol
package import WebSockets

/// How much and how long a ``LiveSession`` bears.
package struct LiveLimits: Sendable {
    /// Sound that is kept while there is no server.
    package var memory: Duration
    /// Sound that may be ahead of the acknowledgements. An utterance has at most 25 s, servers take 120 s.
    package var window: Duration
    /// Sound in one frame when there is more to send than what was just said.
    package var frame: Duration
    /// How long a source may bring no sound until what was said becomes final.
    package var pause: Duration
    /// Sound that is read ahead from where it does not run away, such as a file.
    package var readAhead: Duration
    /// How long a server that never answered is tried.
    package var firstPatience: Duration
    /// How long a session that makes no progress is tried.
    package var patience: Duration
    /// How long one attempt may take until the server is ready.
    package var readyWithin: Duration
    /// How long a server that owes an answer may be silent.
    package var silence: Duration
    /// How long a connection has to last to count as good.
    package var goodAfter: Duration
    /// The pauses between attempts, after a first one that comes at once.
    package var backoff: Backoff

    /// Creates limits; what is not given suits people who speak.
    package init(
        memory: Duration = .seconds(600), window: Duration = .seconds(60), frame: Duration = .milliseconds(500),
        pause: Duration = .seconds(2), readAhead: Duration = .seconds(10), firstPatience: Duration = .seconds(5),
        patience: Duration = .seconds(600),
        readyWithin: Duration = .seconds(20), silence: Duration = .seconds(60), goodAfter: Duration = .seconds(5),
        backoff: Backoff = Backoff(minimum: .milliseconds(250), initial: .seconds(1), maximum: .seconds(10))
    ) {
        self.memory = memory
        self.window = window
        self.frame = frame
        self.pause = pause
        self.readAhead = readAhead
        self.firstPatience = firstPatience
        self.patience = patience
        self.readyWithin = readyWithin
        self.silence = silence
        self.goodAfter = goodAfter
        self.backoff = backoff
    }

    func samples(_ duration: Duration, _ format: AudioFormat) -> Int {
        max(Int(duration / .seconds(1) * Double(format.sampleRate)), 1)
    }
}
