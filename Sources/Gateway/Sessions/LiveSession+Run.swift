internal import NIOCore
internal import Recognition
internal import SoriProtocol
internal import Streaming
internal import Synchronization

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
        case expire(Int)
    }

    private let session: LiveSession
    private var captions: CaptionSession
    private var audio: AudioInput?
    private var load: LoadControl
    private var isLate = false
    private var detachments = 0
    private var attachedAgain = 0
    private(set) var isOver = false

    init(_ session: LiveSession) {
        self.session = session
        captions = CaptionSession(settings: session.settings, tokenizer: session.engine.tokenizer)
        audio = try? AudioInput(session.format)
        load = LoadControl(hop: session.settings.windows.hop)
    }

    mutating func take(_ input: LiveSession.Input) -> [Job] {
        var jobs: [Job] = []
        switch input {
        case .frame(let frame): hear(frame)
        case .configure(let change): configure(change)
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
        return jobs
    }

    private mutating func hear(_ frame: ByteBuffer) {
        let before = audio?.badSamples ?? 0
        let cancelledBefore = audio?.channelsCancel == true
        guard let samples = try? audio?.samples(of: frame) else { return }
        if before == 0, audio?.badSamples ?? 0 > 0 {
            notice(.badSamples, "the sound has samples that are not numbers; they are taken as silence")
        }
        if !cancelledBefore, audio?.channelsCancel == true {
            notice(.channelsCancel, "the channels cancel each other (one is upside down); the louder one is heard")
        }
        session.statistics.heard(seconds: samples.count.asSeconds)
        captions.append(samples)
    }

    private mutating func configure(_ change: ClientMessage.Configuration) {
        let standard = session.settings.policy
        captions.configure { settings in
            if case .set(let language) = change.language { settings.language = language }
            if case .set(let prompt) = change.prompt { settings.prompt = prompt }
            if case .set(let hotwords) = change.hotwords { settings.hotwords = hotwords ?? [] }
            if case .set(let policy) = change.policy {
                settings.policy = policy.map(CaptionSettings.Policy.init) ?? standard
            }
        }
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
        case .dropped(let reason): session.statistics.dropped(reason)
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
