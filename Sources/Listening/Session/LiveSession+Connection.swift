import WebSockets

// The life of a connection: opening, silence, and what follows when it is gone.
extension LiveSession {
    /// Whether a connection is wanted or there; one that is not is to be cut at once.
    package var isConnected: Bool {
        if case .down = link { return false }
        return true
    }

    /// Whether to open a connection now. If so it counts as begun.
    package mutating func connect(at now: Duration) -> Bool {
        guard outcome == nil, case .down(let until) = link, now >= until else { return false }
        link = .opening(since: now)
        isFinishSent = false
        if case .reconnecting(_, let reason) = status { show(.reconnecting(at: nil, reason: reason)) }
        return true
    }

    /// The socket is open.
    package mutating func opened(at now: Duration) {
        guard case .opening(let since) = link else { return }
        link = .starting(since: since, isStartSent: false)
    }

    /// The connection is gone, or did not come about. What the session has given up on its own is not news.
    package mutating func disconnected(_ reason: Disconnection, at now: Duration) {
        guard isConnected, outcome == nil else { return }
        isFinishSent = false
        let delay: Duration
        switch reason.remedy {
        case .fail:
            return fail(reason.message, at: now)
        case .renew where resumption != nil:
            resumption = nil
            // All was heard, and only the goodbye got lost.
            if isFinishing, max(audio.acknowledged, finalEnd) >= audio.end { return end() }
            // At once where a session was to be taken up; a server that ends one session after another is given a rest.
            if case .ready = link { delay = pause() } else { delay = .zero }
        case .wait(let seconds):
            delay = .seconds(seconds ?? 5)
        case .slowDown:
            window = max(window / 2, limits.samples(limits.window / 2, audio.format))
            delay = pause()
        case .renew:
            delay = pause()
        case .retry(let seconds):
            delay = seconds.map(Duration.seconds) ?? pause()
        }
        retry(after: delay, reason, at: now)
    }

    /// Looks at the clock: a server that is silent for too long is left, a connection that lasts is a good one.
    package mutating func tick(at now: Duration) {
        watchPause(at: now)
        switch link {
        case .down: return
        case .opening(let since), .starting(let since, _):
            guard now - since >= limits.readyWithin else { return }
            disconnected(Disconnection(.retry(seconds: nil), "the server did not answer in time"), at: now)
        case .ready(let since):
            if now - since >= limits.goodAfter { backoff.reset() }
            // Where nobody speaks there is no progress to be seen, but a connection that lasts is no trouble either.
            if now - since >= limits.silence { troubleSince = nil }
            if !owesAnswer { attendedAt = now }
            guard now - attendedAt >= limits.silence else { return }
            disconnected(Disconnection(.retry(seconds: nil), "the server has been silent for too long"), at: now)
        }
    }

    private var owesAnswer: Bool {
        isFinishSent || flushesSent > 0 || ahead >= window
    }

    /// The first attempt comes at once, the later ones after growing pauses.
    private mutating func pause() -> Duration {
        let wasReady = if case .ready = link { true } else { false }
        let isFirst = wasReady && backoff.attempts == 0
        let pause = backoff.next()
        return isFirst ? .zero : pause
    }

    private mutating func retry(after delay: Duration, _ reason: Disconnection, at now: Duration) {
        let since = troubleSince ?? now
        troubleSince = since
        var isFull = false
        if case .wait = reason.remedy { isFull = true }
        let patience = wasReady || isFull ? limits.patience : limits.firstPatience
        guard now + delay - since <= patience else {
            return fail(reason.message, at: now)
        }
        link = .down(until: now + delay)
        if isFull {
            show(.waiting(at: now + delay, reason: reason.message))
        } else if wasReady {
            show(.reconnecting(at: now + delay, reason: reason.message))
        }
    }

    private mutating func fail(_ message: String, at now: Duration) {
        link = .down(until: now)
        outcome = .failed(LiveError(message))
    }

    mutating func end() {
        audio.acknowledge(before: audio.end)
        outcome = .finished
        events.append(.finished(seconds: duration))
    }
}
