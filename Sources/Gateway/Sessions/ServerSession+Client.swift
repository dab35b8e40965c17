package import NIOCore
internal import Recognition
package import SoriProtocol
internal import Streaming
internal import WhisperText

/// What a session's client does: its connection comes and goes, it sends sound and messages.
extension ServerSession {
    /// A connection has it from now on; one that had it before does not any longer.
    ///
    /// - Returns: the number of the attachment, and the sample from which sound is expected, at the client's rate.
    /// - Throws: ``RequestFailure`` when it is over, or the sound is to come in another format.
    package mutating func attach(_ start: ClientMessage.Start, at now: Instant) throws -> (number: Int, resumeAt: Int) {
        guard !isOver, !isShuttingDown else { throw RequestFailure.sessionIsGone }
        if let audio = start.audio, audio != format {
            throw RequestFailure(
                .badStart, "'audio' differs from the session's; send the same format, or start a new session")
        }
        attachments += 1
        presence = .attached
        gap.restart(at: now)
        return (attachments, received)
    }

    /// The connection is gone; the session waits for another one for a while.
    package mutating func detach(_ number: Int, at now: Instant) {
        guard number == attachments, presence == .attached, !isOver else { return }
        presence = .lost(since: now)
        if isShuttingDown { end(.serverStopped) }
    }

    /// The client has got everything.
    package mutating func toldAll(_ number: Int) {
        guard number == attachments, case .told(let isShutdown) = stage else { return }
        end(isShutdown ? .serverStopped : .finished)
    }

    /// What happens to a frame of sound.
    package enum Frame: Sendable {
        /// It is counted: give its samples to ``hear(_:at:)``.
        case admitted
        /// The server stops: it is sent again, to another server.
        case ignored
        /// The connection does not have the session any longer.
        case refused
    }

    /// Counts a frame of sound.
    ///
    /// - Throws: ``RequestFailure`` when it is not valid, or too much sound waits.
    package mutating func admit(_ frame: ByteBuffer, from number: Int, at now: Instant) throws -> Frame {
        guard frame.readableBytes.isMultiple(of: format.bytesPerFrame) else {
            throw RequestFailure(
                .unsupportedAudio,
                "a frame of \(frame.readableBytes) bytes ends in the middle of a sample; "
                    + "send a multiple of \(format.bytesPerFrame)")
        }
        guard number == attachments, !isOver else { return .refused }
        if isShuttingDown { return .ignored }
        guard stage == .open else {
            throw RequestFailure(.badMessage, "sound after finish is not heard", isFatal: false)
        }
        try checkRoom()
        received += frame.readableBytes / format.bytesPerFrame
        gap.restart(at: now)
        return .admitted
    }

    /// - Throws: ``RequestFailure`` when more sound waits than is kept for a session.
    private func checkRoom() throws {
        guard Double(received - acknowledged) > limits.unprocessed * Double(format.sampleRate) else { return }
        throw failure == nil
            ? RequestFailure(
                .audioTooFast, "\(Int(limits.unprocessed)) s of sound wait; send no faster than they are acknowledged",
                retryAfter: 1)
            : RequestFailure(.noWorkerReady, "nothing can recognise speech now; come back later", retryAfter: 5)
    }

    /// Takes in the samples of frames that were admitted, at 16 kHz in -1...1.
    package mutating func hear(_ samples: [Float], at now: Instant) {
        count(heard: samples.count.asSeconds)
        captions.append(samples)
        wordLatency.heard(until: captions.heard.asSeconds, at: now)
        pump(at: now)
    }

    /// Tells the client what is odd about the sound.
    package mutating func remark(on oddity: AudioInput.Oddity) {
        switch oddity {
        case .badSamples: notice(.badSamples, "the sound has samples that are not numbers; they are taken as silence")
        case .channelsCancel:
            notice(.channelsCancel, "the channels cancel each other (one is upside down); the louder one is heard")
        }
    }

    /// The sound cannot be converted, and without sound a session is of no use.
    package mutating func fail(_ error: any Error) -> RequestFailure {
        note(.audioFailed(error))
        end(.failed)
        return RequestFailure(.internalError, "the sound cannot be converted; start a new session", retryAfter: 1)
    }

    /// Changes settings while the session runs.
    ///
    /// - Throws: ``RequestFailure`` when that cannot be had; everything stays as it was.
    package mutating func configure(_ configuration: ClientMessage.Configuration, at now: Instant) throws {
        let changed: CaptionSettings
        do {
            changed = try requests.changed(settings, by: configuration)
        } catch {
            throw RequestFailure(.badMessage, error.message, isFatal: false)
        }
        let hasSameWords = changed.hasSameWords(as: settings)
        settings = changed
        captions.configure { $0.take(changed) }
        if !hasSameWords { remarkOnWords() }
        pump(at: now)
    }

    /// Tells the client when the model has no room for all of prompt and hotwords.
    mutating func remarkOnWords() {
        if let remark = settings.cutWords(for: requests.tokenizer) { notice(.promptCut, remark) }
    }

    /// What was said so far becomes final now.
    ///
    /// - Parameter rest: samples at 16 kHz that converting has held back.
    package mutating func flush(_ reason: ServerMessage.Flush.Reason, rest: [Float], at now: Instant) {
        guard stage == .open else { return }
        captions.append(rest)
        places.begin(at: received)
        flushes.add(reason, at: received)
        captions.flush()
        pump(at: now)
    }

    /// No more sound comes; the last words are told, then `finished`.
    ///
    /// - Parameter rest: samples at 16 kHz that converting has held back.
    package mutating func finish(rest: [Float], at now: Instant) {
        guard stage == .open else { return }
        stage = .finishing(isShutdown: false)
        takeLast(rest, at: now)
    }

    private mutating func takeLast(_ rest: [Float], at now: Instant) {
        captions.append(rest)
        captions.finish()
        pump(at: now)
    }

    /// The server stops: a connected client gets its last words; a session without a client ends.
    package mutating func shutDown(rest: [Float], at now: Instant) {
        guard presence == .attached else { return end(.serverStopped) }
        // Who has finished already wants nothing more than the last words.
        guard stage == .open else { return }
        let failure = RequestFailure(
            .shuttingDown, "the server stops; connect to another one", isFatal: false, retryAfter: 1)
        publish(.error(failure.failure))
        stage = .finishing(isShutdown: true)
        takeLast(rest, at: now)
    }

    /// The server stops, and the session goes on at another one, which has its record: its client sends again what is not
    /// acknowledged.
    package mutating func handOver() {
        if presence == .attached, stage == .open {
            let failure = RequestFailure(
                .shuttingDown, "the server stops; resume the session at another one", isFatal: false)
            publish(.error(failure.failure))
        }
        isHandedOver = true
        end(.serverStopped)
    }
}
