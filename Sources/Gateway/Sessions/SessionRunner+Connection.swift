internal import Locks
package import NIOCore
package import SoriProtocol

/// What connections do with the session that they have.
extension SessionRunner {
    /// Takes the session for a connection; the connection that had it before is ended.
    ///
    /// - Throws: ``RequestFailure`` when it cannot be had.
    package func attach(_ start: ClientMessage.Start) throws -> Attachment {
        let (attachment, former) = try change { state in
            let place = try state.session.attach(start, at: .now)
            let attachment = Attachment(
                number: place.number, resumeAt: place.resumeAt, messages: events.subscribe(after: start.lastFinal))
            let former = listener.withLock { listener in
                defer { listener = attachment.messages }
                return listener
            }
            return (attachment, former)
        }
        former?.end()
        return attachment
    }

    /// The connection is gone.
    package func detach(_ attachment: Attachment) {
        attachment.messages.end()
        change { $0.session.detach(attachment.number, at: .now) }
    }

    /// The connection has sent everything.
    package func toldAll(_ attachment: Attachment) { change { $0.session.toldAll(attachment.number) } }

    /// Takes in a frame of sound.
    ///
    /// - Returns: `false` if the connection does not have the session any longer.
    /// - Throws: ``RequestFailure`` when the frame is not valid, too much sound waits, or it cannot be converted.
    package func receive(_ frame: ByteBuffer, from attachment: Attachment) throws -> Bool {
        do {
            let (isTaken, isUrgent) = try state.withLock { state in
                (try state.receive(frame, from: attachment.number), state.isUrgent)
            }
            // Most frames are a part of a window that is not due yet.
            if isUrgent { ringer.yield() }
            return isTaken
        } catch {
            ringer.yield()
            throw error
        }
    }

    /// Changes settings; see ``ServerSession/configure(_:at:)``.
    package func configure(_ configuration: ClientMessage.Configuration) throws {
        try change { try $0.session.configure(configuration, at: .now) }
    }

    /// What was said so far becomes final now.
    package func flush() { change { $0.flush(.asked) } }

    /// No more sound comes; the last words are told, then `finished`.
    package func finish() { change { $0.finish() } }

    /// The server stops; see ``ServerSession/shutDown(rest:at:)``. A session that is stored goes on at another one instead.
    package func shutDown() {
        let isKept = keeper?.isShared ?? false
        change { state in
            guard isKept, state.isStored else { return state.shutDown() }
            state.isLost = true
            state.session.handOver()
        }
    }

    /// Tells everybody who listens.
    func notice(_ code: NoticeCode, _ message: String) { change { $0.session.notice(code, message) } }

    /// Ends without waiting for anything.
    package func end(_ reason: SessionEnd) { change { $0.session.end(reason) } }
}
