import SoriProtocol

/// Ends of what was said that the source of the sound brings: a pipe on which nothing comes, a microphone that is suspended.
///
/// A flush counts by its sample. So one that a broken connection has swallowed is sent again at the same place, and the
/// transcript is the same.
extension LiveSession {
    /// What was said so far is wanted as final text; the sound goes on.
    package mutating func flush() {
        guard !isFinishing, audio.end > flushes.last ?? flushedUntil else { return }
        flushes.append(audio.end)
    }

    /// Flushes when no sound has come for a while from a source that may be silent.
    mutating func watchPause(at now: Duration) {
        guard let soundAt, now - soundAt >= limits.pause else { return }
        flush()
    }

    /// Where the next flush is due that was not sent on this connection.
    var nextFlush: Int? {
        flushesSent < flushes.count ? flushes[flushesSent] : nil
    }

    /// After a connection has been taken up again: what the server got sound behind, it got.
    mutating func resumeFlushes() {
        flushes.removeAll { $0 < sent }
        flushesSent = 0
    }

    mutating func take(_ flush: ServerMessage.Flush) {
        let position = base + flush.samples
        let before = flushes.count
        flushes.removeAll { $0 <= position }
        flushesSent = max(0, flushesSent - (before - flushes.count))
        flushedUntil = max(flushedUntil, position)
        events.append(.flushed(seconds: seconds(position), flush.reason))
    }
}
