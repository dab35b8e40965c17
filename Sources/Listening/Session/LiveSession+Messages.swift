package import SoriProtocol

// What the server says.
extension LiveSession {
    /// Takes a message from the server.
    package mutating func receive(_ message: ServerMessage, at now: Duration) {
        guard outcome == nil, isConnected else { return }
        attendedAt = now
        switch (message, link) {
        case (.error(let failure), _) where failure.fatal: disconnected(Disconnection(failure), at: now)
        case (.error(let failure), _): events.append(.problem(failure))
        case (.ready(let ready), .starting(_, isStartSent: true)): take(ready, at: now)
        case (_, .ready): take(message, at: now)
        default: break  // Before `ready` nothing else makes sense.
        }
    }

    private mutating func take(_ ready: ServerMessage.Ready, at now: Duration) {
        if resumption?.session == ready.session {
            resumption?.token = ready.resumeToken
            sent = min(max(base + ready.resumeAt, audio.acknowledged), audio.end)
        } else {
            begin(ready)
        }
        resumedAt = sent
        resumeFlushes()
        link = .ready(since: now)
        wasReady = true
        events.append(.opened(session: ready.session))
        show(isFinishing ? .finishing : .listening)
    }

    /// A new session begins with the oldest sound that is not in final text.
    private mutating func begin(_ ready: ServerMessage.Ready) {
        resumption = Resumption(session: ready.session, token: ready.resumeToken)
        // A final may have come and its acknowledgement not: its words must not come twice.
        base = max(audio.acknowledged, min(finalEnd, audio.end), audio.start)
        audio.acknowledge(before: base)
        utteranceBase = nextUtterance
        sent = base
    }

    private mutating func take(_ message: ServerMessage, at now: Duration) {
        switch message {
        case .speech(var speech):
            speech.at += seconds(base)
            events.append(.speech(speech))
        case .partial(var partial):
            guard isOpen(partial.utterance) else { return }
            partial.utterance += utteranceBase
            partial.start += seconds(base)
            nextUtterance = max(nextUtterance, partial.utterance + 1)
            events.append(.partial(partial))
        case .final(let final): take(final)
        case .translation(let translation): take(translation)
        case .ack(let ack):
            let before = audio.acknowledged
            audio.acknowledge(before: min(base + ack.samples, sent))
            if audio.acknowledged > before { troubleSince = nil }
        case .flushed(let flush): take(flush)
        case .notice(let notice): events.append(.notice(notice))
        case .finished(let finish): take(finish, at: now)
        case .ready, .error: break
        }
    }

    /// Whether the final of an utterance is still to come: after a broken connection some are sent again.
    private func isOpen(_ utterance: Int) -> Bool {
        utterance > resumption?.lastFinal ?? -1
    }

    private mutating func take(_ message: ServerMessage.Final) {
        guard isOpen(message.utterance) else { return }
        resumption?.lastFinal = message.utterance
        troubleSince = nil
        let offset = seconds(base)
        var final = message
        final.utterance += utteranceBase
        final.start += offset
        final.end += offset
        for index in final.words.indices {
            final.words[index].start += offset
            final.words[index].end += offset
        }
        nextUtterance = max(nextUtterance, final.utterance + 1)
        finalEnd = max(finalEnd, position(final.end))
        events.append(.final(final))
    }

    private mutating func take(_ message: ServerMessage.Translation) {
        guard let last = resumption?.lastTranslation, message.utterance > last else { return }
        resumption?.lastTranslation = message.utterance
        var translation = message
        translation.utterance += utteranceBase
        events.append(.translation(translation))
    }

    private mutating func take(_ finish: ServerMessage.Finish, at now: Duration) {
        let taken = base + finish.samples
        guard isFinishSent else {
            // A server that ends a session on its own; the sound goes on.
            return disconnected(Disconnection(.renew, "the server has ended the session"), at: now)
        }
        if taken < audio.end { lose(max(taken, base)..<audio.end, .notTaken) }
        end()
    }

    private func position(_ seconds: Double) -> Int {
        // A number from the network: far beyond any recording, but within what an Int holds.
        Int((min(max(seconds, 0), 1e9) * Double(audio.format.sampleRate)).rounded())
    }
}
