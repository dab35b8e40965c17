import Gateway
import Measuring
import Recognition
import SoriProtocol
import Streaming
import WhisperText

/// A session of a simulation, with the sound that it has yet to hear.
struct SimulatedSession {
    private(set) var trace = CaptionTrace()
    private(set) var isFinished = false
    private let samples: [Float]
    private let delay: Double
    private var sent = 0
    private var captions: CaptionSession
    private var load: LoadControl

    init(_ speaker: StreamSimulation.Speaker, tokenizer: Tokenizer) {
        samples = speaker.samples
        delay = speaker.delay
        captions = CaptionSession(settings: speaker.settings, tokenizer: tokenizer)
        load = LoadControl(hop: speaker.settings.windows.hop)
    }

    /// Whether all sound was heard.
    var isHeard: Bool { sent == samples.count }
    /// When the next frame is complete.
    var frameDue: Double { delay + Double(sent) / 16_000 + 0.04 }

    /// Takes in the next frame; returns its seconds.
    mutating func hear(_ frame: Double) -> Double {
        let end = min(samples.count, sent + frame.asSamples)
        defer { sent = end }
        captions.append(Array(samples[sent..<end]))
        if end == samples.count { captions.finish() }
        return (end - sent).asSeconds
    }

    mutating func take(_ answer: SimulatedLanes.Answer, at now: Double) {
        switch answer {
        case .detected(let detection): captions.detected(detection)
        case .recognized(let result, let work, let asked):
            load.observe(work.request.priority, work: result.work, turnaround: now - asked)
            captions.stretchHop(by: load.factor)
            captions.recognized(result, as: work)
        }
    }

    mutating func nextWork() -> CaptionWork? { captions.nextWork() }

    mutating func tell(_ event: CaptionEvent, at now: Double) {
        switch event {
        case .partial(let utterance, let caption, let start):
            let partial = ServerMessage.Partial(caption, of: utterance, start: start)
            trace.partials.append(.init(partial, at: now - delay))
        case .final(let final): trace.finals.append(.init(ServerMessage.Final(final), at: now - delay))
        case .finished: isFinished = true
        default: break
        }
    }
}

extension CaptionTrace.Partial {
    init(_ message: ServerMessage.Partial, at time: Double) {
        self.init(time: time, utterance: message.utterance, stable: message.stable, tentative: message.tentative)
    }
}

extension CaptionTrace.Final {
    init(_ message: ServerMessage.Final, at time: Double) {
        self.init(
            time: time, utterance: message.utterance, text: message.text, start: message.start, end: message.end)
    }
}
