/// Finds utterances in a stream of sound: loudness says where something is heard, the detector whether it is speech, and
/// silence where an utterance ends.
///
/// What it finds depends on the sound alone, not on when the sound or the detector's answers arrive: it waits for an
/// answer before it goes on. So a transcript does not change with the load of the machine or with broken connections.
package struct SpeechGate: Sendable, Equatable, Codable {
    /// Times, in seconds.
    package struct Settings: Sendable, Equatable, Codable {
        /// Silence that ends an utterance.
        package var silence = 0.6
        /// Silence that ends a long utterance: who reads aloud makes no other pauses, and waits for the text.
        package var shortestSilence = 0.3
        /// Length of an utterance from which on less silence ends it, and evenly less until it is long.
        package var shrinksFrom = 4.0
        package var shrinksTo = 10.0
        /// Silence after which an utterance is thought to be over, though somebody may yet go on.
        package var pause = 0.2
        /// Sound before the first loud frame that belongs to the utterance.
        package var preRoll = 0.3
        /// Sound after the last loud frame that belongs to it.
        package var postRoll = 0.2
        /// Longest utterance; it is cut at its best pause.
        package var longest = 25.0
        /// How much of a sound that lasts is kept while the detector doubts it.
        package var doubt = 3.0
        /// Length of what the detector hears.
        package var detectorWindow = 2.0
        /// From the first loud frame to the first question to the detector, and from one question to the next.
        package var detectorHop = 0.5
        /// The same, while somebody speaks.
        package var detectorHopInSpeech = 2.0
        /// So many answers in a row without speech end an utterance that never falls silent: the detector mishears some
        /// speakers twice in a row.
        package var refusals = 3

        package init() {}
    }

    /// What was found.
    package enum Event: Sendable, Equatable, Codable {
        /// Ask the detector about this sound, then call ``answer(_:)``. Nothing more comes before.
        case detect(Range<Int>)
        /// Somebody speaks from this sample on.
        case started(at: Int)
        /// The utterance that started last is this sound.
        case ended(Range<Int>)
        /// Nobody speaks before this sample but for what was told.
        case quiet(until: Int)
    }

    private enum State: Equatable, Sendable, Codable {
        case quiet
        /// Something is heard from `start` on; is it speech?
        case doubtful(start: Int, isLast: Bool)
        case speech(start: Int)
    }

    /// Seconds of sound that may turn out to be silence only when they are over: a machine that was switched on.
    private static let steady = (SteadyNoise.frames * LoudnessGate.frame).asSeconds

    private let settings: Settings
    private var loudness = LoudnessGate()
    private var state = State.quiet
    /// The sound that the detector was asked about and has not answered yet.
    private var asked: Range<Int>?
    private var isWaiting: Bool { asked != nil }
    /// Position of the next frame to look at.
    package private(set) var position: Int
    private var lastActive: Int
    private var nextQuestion = 0
    private var refused = 0
    /// End of the last sound that the detector took for speech.
    private var lastHeard = 0
    /// Nothing before this belongs to the next utterance.
    private var earliest: Int
    /// Activity of the last frames, the newest in the lowest bit.
    private var recent: UInt8 = 0
    private var pauses = PauseFinder()
    /// What is to be told before anything else is looked at.
    private var pending: Event?

    package init(settings: Settings = Settings(), startingAt position: Int = 0) {
        self.settings = settings
        self.position = position
        lastActive = position
        earliest = position
    }

    /// Whether somebody speaks at ``position``, as far as is known.
    package var isSpeaking: Bool {
        if case .speech = state { true } else { false }
    }

    /// Whether it waits for an answer, or something is heard that is not over.
    package var isUndecided: Bool { isWaiting || state != .quiet }

    /// Where the utterance ends if nobody goes on; `nil` while somebody speaks, or nobody does.
    package var presumedEnd: Int? {
        guard case .speech = state, position - lastActive >= max(settings.pause, settings.postRoll).asSamples
        else { return nil }
        return lastActive + settings.postRoll.asSamples
    }

    /// Loudness of the background in dB of full scale.
    package var background: Float { loudness.background }

    /// The sound that the detector was asked about, as long as there is no answer.
    package var openQuestion: Range<Int>? { asked }

    /// Sound from here on may still be asked for.
    package var needed: Int {
        switch state {
        // Also where it belongs to an utterance that is over, so that the detector hears the same whenever sound comes.
        case .quiet: max(0, position - max(settings.preRoll + 0.1, settings.detectorWindow + Self.steady).asSamples)
        case .doubtful(let start, _), .speech(let start):
            // The last question is about the sound before a silence.
            min(start, position - (max(settings.silence, Self.steady) + settings.detectorWindow).asSamples)
        }
    }

    /// Looks at sound that has not been looked at.
    ///
    /// - Parameter limit: sample before which it stops.
    /// - Returns: the next thing found; `nil` when more sound or an answer is needed.
    package mutating func next(in timeline: AudioTimeline, until limit: Int = .max) -> Event? {
        if let event = takePending() { return event }
        while !isWaiting, position + LoudnessGate.frame <= min(timeline.end, limit) {
            if let event = hear(timeline.samples(in: position..<position + LoudnessGate.frame)) { return event }
        }
        return nil
    }

    /// Ends the sound: what is open is decided now.
    ///
    /// - Returns: the next thing found; `nil` when an answer is needed or nothing is open.
    package mutating func finish(at end: Int) -> Event? {
        guard !isWaiting else { return nil }
        if let event = takePending() { return event }
        position = max(position, end)
        switch state {
        case .quiet: return nil
        case .doubtful(let start, true): return drop(from: start)
        case .doubtful(let start, false): return ask(about: start, isLast: true)
        case .speech(let start): return finish(from: start, to: min(end, lastActive + settings.postRoll.asSamples))
        }
    }

    /// Decides what is open at a sample up to which it has looked, as if the sound ended there. What comes after belongs to
    /// the next utterance.
    ///
    /// - Returns: the next thing found; `nil` when an answer is needed, or nothing is open any more.
    package mutating func flush(at end: Int) -> Event? {
        let event = finish(at: end)
        if event == nil, !isUndecided {
            earliest = max(earliest, end)
            recent = 0
        }
        return event
    }

    /// Takes the detector's answer to the question asked last.
    package mutating func answer(_ isSpeech: Bool) -> Event? {
        guard isWaiting else { return nil }
        asked = nil
        switch (state, isSpeech) {
        case (.quiet, _): return nil
        case (.doubtful(let start, _), true):
            state = .speech(start: start)
            (refused, lastHeard) = (0, position)
            nextQuestion = position + settings.detectorHopInSpeech.asSamples
            return .started(at: start)
        case (.doubtful(let start, true), false): return drop(from: start)
        case (.doubtful(let start, false), false):
            // A lasting noise: speech can begin only in its newest part, so the rest is dropped.
            let kept = max(start, position - settings.doubt.asSamples)
            state = .doubtful(start: kept, isLast: false)
            return kept > start ? .quiet(until: kept) : nil
        case (.speech, true):
            (refused, lastHeard) = (0, position)
            return nil
        case (.speech(let start), false):
            refused += 1
            guard refused >= settings.refusals else { return nil }
            return finish(from: start, to: lastHeard)
        }
    }

    private mutating func hear(_ frame: [Float]) -> Event? {
        let (level, isActive, steadyFrames) = loudness.hear(frame)
        recent = recent << 1 | (isActive ? 1 : 0)
        position += LoudnessGate.frame
        if steadyFrames > 0 {
            // These frames seemed to be speech and turn out to be a steady noise.
            lastActive = max(min(lastActive, position - steadyFrames * LoudnessGate.frame), openedAt)
            recent = 0
        }
        // A single loud frame of 20 ms is a click and no speech.
        let isAlive = isActive && recent.nonzeroBitCount >= 2
        if isAlive { lastActive = position }
        let hasFallenSilent = position - lastActive >= silence.asSamples
        switch state {
        case .quiet:
            guard (recent & 0b11111).nonzeroBitCount >= 3 else {
                return position % (10 * AudioTimeline.sampleRate) < LoudnessGate.frame ? .quiet(until: needed) : nil
            }
            // The first of the loud frames is up to four before this one.
            let first = position - (8 - (recent & 0b11111).leadingZeroBitCount) * LoudnessGate.frame
            state = .doubtful(start: max(earliest, first - settings.preRoll.asSamples), isLast: false)
            nextQuestion = position + settings.detectorHop.asSamples
            pauses = PauseFinder()
            return nil
        case .doubtful(let start, _):
            if hasFallenSilent { return ask(about: start, isLast: true) }
            guard position >= nextQuestion else { return nil }
            nextQuestion = position + settings.detectorHop.asSamples
            return ask(about: start, isLast: false)
        case .speech(let start):
            pauses.hear(level: level, isActive: isAlive, endingAt: position)
            if hasFallenSilent {
                return finish(from: start, to: min(position, lastActive + settings.postRoll.asSamples))
            }
            if position - start >= settings.longest.asSamples { return split(start) }
            guard position >= nextQuestion else { return nil }
            nextQuestion = position + settings.detectorHopInSpeech.asSamples
            return ask(about: start, isLast: false)
        }
    }

    /// Start of what is open; otherwise everything is over.
    private var openedAt: Int {
        switch state {
        case .quiet: earliest
        case .doubtful(let start, _), .speech(let start): start
        }
    }

    /// Silence that ends what is open, in seconds.
    private var silence: Double {
        guard case .speech(let start) = state, settings.shortestSilence < settings.silence else {
            return settings.silence
        }
        let length = (lastActive - start).asSeconds - settings.shrinksFrom
        let share = min(max(length / max(settings.shrinksTo - settings.shrinksFrom, 0.1), 0), 1)
        return settings.silence - share * (settings.silence - settings.shortestSilence)
    }

    private mutating func ask(about start: Int, isLast: Bool) -> Event {
        if case .doubtful = state { state = .doubtful(start: start, isLast: isLast) }
        let end = isLast ? min(position, lastActive + settings.postRoll.asSamples) : position
        let sound = max(0, end - settings.detectorWindow.asSamples)..<end
        asked = sound
        return .detect(sound)
    }

    private mutating func drop(from start: Int) -> Event {
        state = .quiet
        earliest = max(earliest, lastActive)
        recent = 0
        return .quiet(until: needed)
    }

    private mutating func finish(from start: Int, to end: Int) -> Event {
        let end = max(end, start + 1)
        state = .quiet
        earliest = end
        recent = 0
        return .ended(start..<end)
    }

    private mutating func takePending() -> Event? {
        defer { pending = nil }
        return pending
    }

    /// Cuts a long utterance at its best pause; somebody goes on speaking after it.
    private mutating func split(_ start: Int) -> Event {
        let cut = pauses.best(after: start + (settings.longest * 0.4).asSamples) ?? position
        earliest = cut
        pauses.forget(before: cut)
        if lastActive > cut {
            // What follows the pause is speech already; how sure that is will be asked at once.
            state = .speech(start: cut)
            pending = .started(at: cut)
            nextQuestion = position
        } else {
            // The pause goes on, and nobody knows yet whether more is said.
            state = .quiet
        }
        return .ended(start..<cut)
    }
}
