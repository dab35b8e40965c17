internal import NIOCore
internal import Recognition
internal import SoriProtocol
internal import Streaming
internal import Synchronization
internal import Whisper

extension LiveSession {
    /// Turns sound into captions until everything is told, or nobody comes back.
    package func run() async {
        await withDiscardingTaskGroup { group in
            var loop = SessionLoop(self)
            for await input in inputs {
                for job in loop.take(input) { group.addTask { await self.perform(job) } }
                if loop.isOver { break }
            }
            group.cancelAll()
        }
        state.withLock { $0.isOver = true }
        feed.finish()
        outbox.close()
    }

    /// Work outside of the loop; its result comes back as an input.
    private func perform(_ job: SessionLoop.Job) async {
        switch job {
        case .detect(let samples):
            let detection = try? await engine.detector.detect(samples)
            feed.yield(.detected(detection))
        case .recognize(let work):
            let clock = ContinuousClock()
            let start = clock.now
            let result = await recognize(work)
            feed.yield(.recognized(result, work, turnaround: (clock.now - start) / .seconds(1)))
        case .wait(let duration):
            try? await Task.sleep(for: duration)
            feed.yield(.waited)
        case .expire(let attachment):
            try? await Task.sleep(for: .seconds(limits.resume))
            feed.yield(.expired(attachment))
        }
    }

    /// A live window is worth one try; a final is tried until it is done, within reason.
    private func recognize(_ work: RecognitionWork) async -> RecognitionResult? {
        var pause = Duration.milliseconds(200)
        for attempt in 1... {
            do {
                let result = try await engine.recognizer.recognize(work.request)
                state.withLock { $0.isFailing = false }
                return result
            } catch {
                state.withLock { $0.isFailing = true }
                statistics.count(\.recognitionFailures)
                let isLast = work.purpose == .final ? attempt >= 12 : true
                // Also before giving up: whoever asks again at once only makes it worse.
                do { try await Task.sleep(for: pause) } catch { return nil }
                if isLast { return nil }
                pause = min(pause * 2, .seconds(5))
            }
        }
        return nil
    }
}

/// The part of a session that changes: takes one input after the other and says what is to be done.
struct SessionLoop {
    /// Work that takes time.
    enum Job: Sendable {
        case detect([Float])
        case recognize(RecognitionWork)
        case wait(Duration)
        case expire(Int)
    }

    private let session: LiveSession
    private var captions: CaptionSession
    private var audio: AudioInput?
    private var load: LoadControl
    private var isLate = false
    /// Samples that were taken in, at the client's rate.
    private var heard = 0
    private var gap: GapWatch
    private var flushes = FlushPlaces()
    private(set) var isOver = false

    init(_ session: LiveSession) {
        self.session = session
        captions = CaptionSession(settings: session.settings, tokenizer: session.engine.tokenizer)
        audio = try? AudioInput(session.format)
        gap = GapWatch(session.gap)
        load = LoadControl(hop: session.settings.windows.hop)
    }

    mutating func take(_ input: LiveSession.Input) -> [Job] {
        var jobs: [Job] = []
        switch input {
        case .frame(let frame):
            hear(frame)
            gap.restart()
        case .configure(let settings): captions.configure { $0.take(settings) }
        case .flush: flush(.asked)
        case .attached: gap.restart()
        case .waited:
            gap.waited()
            // Nobody is silent who is not here.
            if gap.isOver, captions.isOpen, session.isAttached { flush(.gap) }
        case .finish:
            if let rest = try? audio?.finish() { captions.append(rest) }
            captions.finish()
        case .detached(let attachment): jobs.append(.expire(attachment))
        case .expired(let attachment):
            let isGone = session.state.withLock { $0.current == nil && $0.attachments == attachment }
            if isGone { isOver = true }
        case .abandoned: isOver = true
        case .detected(let detection): captions.detected(detection)
        case .recognized(let result, let work, let turnaround):
            session.admission.observe(result?.work, for: work.purpose, of: session.id)
            if case .live = work.purpose { paced(by: turnaround) }
            session.statistics.recognized(work, seconds: turnaround)
            captions.recognized(result, as: work)
        }
        while let work = captions.nextWork() {
            switch work {
            case .detect(let samples): jobs.append(.detect(samples))
            case .recognize(let work): jobs.append(.recognize(work))
            case .tell(let event): tell(event)
            }
        }
        gap.isBusy(with: jobs.count(where: \.isWork), after: input.isAnswer)
        if captions.isOpen, session.isAttached, let wait = gap.next() { jobs.append(.wait(wait)) }
        return jobs
    }

    private mutating func hear(_ frame: ByteBuffer) {
        let before = audio?.badSamples ?? 0
        let cancelledBefore = audio?.channelsCancel == true
        guard let samples = try? audio?.samples(of: frame) else { return }
        if before == 0, audio?.badSamples ?? 0 > 0 {
            notice(.badSamples, "the sound has samples that are not numbers; they are taken as silence")
        }
        heard += frame.readableBytes / session.format.bytesPerFrame
        if !cancelledBefore, audio?.channelsCancel == true {
            notice(.channelsCancel, "the channels cancel each other (one is upside down); the louder one is heard")
        }
        session.statistics.heard(seconds: samples.count.asSeconds)
        captions.append(samples)
    }

    /// Ends what was said at the last sample that came.
    private mutating func flush(_ reason: ServerMessage.Flush.Reason) {
        if let rest = try? audio?.flush() { captions.append(rest) }
        flushes.add(reason, at: heard)
        captions.flush()
    }

    private mutating func flushed() {
        guard let (samples, reason) = flushes.next() else { return }
        let acknowledged = session.state.withLock { state in
            if reason == .asked { state.flushes -= 1 }
            state.owedUntil = .now
            state.acknowledged = max(state.acknowledged, samples)
            return state.acknowledged
        }
        // Again, in case that a broken connection has swallowed it.
        publish(.ack(.init(samples: acknowledged)))
        publish(.flushed(.init(samples: samples, reason: reason)))
    }

    /// Notes how long a live window took, and says so when captions come late.
    private mutating func paced(by turnaround: Double) {
        load.observe(turnaround)
        captions.stretchHop(by: load.factor)
        let hop = load.factor * session.settings.windows.hop
        if !isLate, hop >= LoadControl.longestHop {
            isLate = true
            notice(.captionsDelayed, "the machine is busy; captions come up to \(Int(turnaround + hop) + 1) s late")
        } else if isLate, hop < LoadControl.longestHop / 2 {
            isLate = false
            notice(.captionsOnTime, "captions are on time again")
        }
    }

    private func notice(_ code: NoticeCode, _ message: String) {
        session.outbox.publish(.notice(ServerMessage.Notice(code: code, message: message)))
    }

    private mutating func tell(_ event: CaptionEvent) {
        switch event {
        case .speechStarted(let at): publish(.speech(.init(state: .started, at: at.asSeconds)))
        case .speechStopped(let at): publish(.speech(.init(state: .stopped, at: at.asSeconds)))
        case .partial(let number, let caption, let start):
            publish(.partial(ServerMessage.Partial(caption, of: number, start: start)))
        case .final(let final):
            session.statistics.count(\.finals)
            publish(.final(ServerMessage.Final(final)))
        case .acknowledged(let position):
            let samples = session.state.withLock { state in
                let rate = session.format.sampleRate
                // The resampler may hold sound back; never acknowledge what did not come.
                let samples = min(state.received, position * rate / AudioTimeline.sampleRate)
                state.acknowledged = max(state.acknowledged, samples)
                return state.acknowledged
            }
            publish(.ack(.init(samples: samples)))
        case .languageDetected(let code):
            session.state.withLock { $0.heardLanguage = code }
            let name = Language.all.first { $0.code == code }?.name ?? code
            let message = "\(name) is spoken; send configure with a language if it is another"
            publish(.notice(.init(code: .languageDetected, message: message, language: code)))
        case .dropped(let reason): session.statistics.dropped(reason)
        case .flushed: flushed()
        case .unpolished:
            notice(.recognizerUnavailable, "an utterance could not be decoded as a whole; its live text is its final")
        case .finished:
            let received = session.state.withLock { state in
                state.acknowledged = state.received
                return state.received
            }
            publish(.ack(.init(samples: received)))
            publish(.finished(.init(samples: received)))
            isOver = true
        }
    }

    private func publish(_ message: ServerMessage) {
        session.outbox.publish(message)
    }
}
