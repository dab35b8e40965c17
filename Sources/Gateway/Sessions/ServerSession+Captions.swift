package import Recognition
internal import SoriProtocol
package import Streaming
internal import WhisperText

/// Answers of detector and recogniser, and what captions say.
extension ServerSession {
    /// A final is tried so many times, each after a longer pause: 0.2 s, 0.4 s, ... 5 s.
    private static let mostTries = 12
    private static let firstPause = 0.2
    private static let longestPause = 5.0

    /// Takes the detector's answer. Where there is none, the sound is taken for speech.
    package mutating func detected(_ answer: Result<SpeechDetection, RecognitionError>, at now: Instant) {
        guard !isOver else { return }
        gap.answered(at: now)
        switch answer {
        case .success(let detection):
            detectionFailure = nil
            note(.detected(isSpeech: detection.isSpeech))
            captions.detected(detection)
        case .failure(let error):
            note(.detectionFailed(error, isFirst: detectionFailure != error.code))
            if detectionFailure == nil {
                notice(.detectorUnavailable, "nothing tells speech from noise now; what is loud is taken for speech")
            }
            detectionFailure = error.code
            captions.detected(nil)
        }
        pump(at: now)
    }

    /// Takes the answer to a window, and the seconds since it was asked for.
    package mutating func recognized(
        _ answer: Result<RecognitionResult, RecognitionError>, _ work: RecognitionWork, turnaround: Double,
        at now: Instant
    ) {
        guard !isOver else { return }
        switch answer {
        case .success(let result):
            if failure != nil { notice(.recognizerAvailable, "speech is recognised again; captions catch up") }
            failure = nil
            gap.answered(at: now)
            tries[work.id] = nil
            load.observe(work.request.priority, work: result.work, turnaround: turnaround)
            pace()
            let hop = load.factor * captions.settings.windows.hop
            note(
                .recognized(work, .init(turnaround: turnaround, work: result.work, times: result.times, hop: hop)))
            captions.recognized(result, as: work)
        case .failure(let error) where error.code == .cancelled:
            note(.withdrawn(work, seconds: turnaround))
            giveUp(work, at: now)
        case .failure(let error): failed(work, error, after: turnaround, at: now)
        }
        pump(at: now)
    }

    private mutating func failed(
        _ work: RecognitionWork, _ error: RecognitionError, after seconds: Double, at now: Instant
    ) {
        note(.recognitionFailed(error, work, seconds: seconds, isFirst: failure != error.code))
        let tried = tries[work.id, default: 0] + (work.mustBeDone ? 1 : 0)
        guard error.code.mayWorkLater, tried < Self.mostTries else { return giveUp(work, at: now) }
        if work.mustBeDone { tries[work.id] = tried }
        if failure == nil {
            notice(.recognizerUnavailable, "speech cannot be recognised now; the sound is kept, and captions catch up")
        }
        failure = error.code
        // Live windows wait as well: asking again at once would add load to a recogniser in trouble.
        let pause = min(Self.firstPause * Double(1 << max(0, tried - 1)), Self.longestPause)
        postponed.append(.init(due: now + .seconds(pause), work: work, isGivenUp: !work.mustBeDone))
    }

    private mutating func giveUp(_ work: RecognitionWork, at now: Instant) {
        tries[work.id] = nil
        gap.answered(at: now)
        captions.recognized(nil, as: work)
    }

    /// Asks again for what is due, or goes on without.
    mutating func takePostponed(at now: Instant) {
        let due = postponed.filter { $0.due <= now }
        postponed.removeAll { $0.due <= now }
        for item in due {
            if item.isGivenUp { giveUp(item.work, at: now) } else { ask(.recognize(item.work)) }
        }
    }

    /// Takes what captions want.
    mutating func pump(at now: Instant) {
        while let work = captions.nextWork() {
            switch work {
            case .detect(let request):
                gap.asked()
                ask(.detect(request))
            case .recognize(let work):
                gap.asked()
                ask(.recognize(work))
            case .withdraw(let id):
                if postponed.contains(where: { $0.work.id == id }) { gap.answered(at: now) }
                postponed.removeAll { $0.work.id == id }
                tries[id] = nil
                ask(.withdraw(id))
            case .tell(let event): tell(event, at: now)
            }
        }
    }

    /// Lets windows come as often as the machine can do them, and says so when captions come late.
    private mutating func pace() {
        captions.stretchHop(by: load.factor)
        let hop = load.factor * captions.settings.windows.hop
        if !isLate, hop >= LoadControl.longestHop {
            isLate = true
            notice(.captionsDelayed, "the machine is busy; captions come up to \(Int(2 * hop) + 1) s late")
        } else if isLate, hop < LoadControl.longestHop / 2 {
            isLate = false
            notice(.captionsOnTime, "captions are on time again")
        }
    }

    private mutating func tell(_ event: CaptionEvent, at now: Instant) {
        switch event {
        case .speechStarted(let at): publish(.speech(.init(state: .started, at: at.asSeconds)))
        case .speechStopped(let at): publish(.speech(.init(state: .stopped, at: at.asSeconds)))
        case .partial(let number, let caption, let start):
            wordLatency.shown(caption.stable, of: number, at: now)
            publish(.partial(ServerMessage.Partial(caption, of: number, start: start)))
        case .final(let final):
            let words = final.words.map { (text: $0.text, end: $0.end) }
            note(.final(wordLatencies: wordLatency.final(words, of: final.utterance, at: now)))
            let message = ServerMessage.Final(final)
            finals.add(message)
            publish(.final(message))
        case .translation(let utterance, let text):
            let translation = ServerMessage.Translation(utterance: utterance, text: text)
            finals.add(translation)
            publish(.translation(translation))
        case .acknowledged(let position):
            // Not what the resampler of another gateway would need to give the same sound from there on.
            acknowledge(min(received, places.sample(before: position)))
        case .languageDetected(let code):
            let name = Language.all.first { $0.code == code }?.name ?? code
            let message = "\(name) is spoken; send configure with a language if it is another"
            publish(.notice(.init(code: .languageDetected, message: message, language: code)))
        case .dropped(let reason, let shown):
            note(.dropped(reason))
            guard let shown else { return }
            let message = "what was shown is taken back: \(reason.explanation)"
            publish(.notice(.init(code: .textDropped, message: message, utterance: shown, reason: reason.rawValue)))
        case .flushed:
            guard let (samples, reason) = flushes.next() else { return }
            owedUntil = now
            // Sent again, because a connection may have broken before the client got it.
            acknowledge(samples)
            publish(.flushed(.init(samples: samples, reason: reason)))
        case .finalFailed:
            notice(
                .recognizerUnavailable, "an utterance could not be decoded as a whole; its live text is its final")
        case .finished:
            acknowledge(received)
            publish(.finished(.init(samples: received)))
            stage = .told(isShutdown: isShuttingDown)
        }
    }

    private mutating func acknowledge(_ samples: Int) {
        acknowledged = max(acknowledged, samples)
        places.forget(before: acknowledged)
        publish(.ack(.init(samples: acknowledged)))
    }
}

extension RecognitionWork {
    /// Whether it is tried again where it fails: it is for the text of a whole utterance.
    package var mustBeDone: Bool { if case .live = purpose { false } else { true } }
}
