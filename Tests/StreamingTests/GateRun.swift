import Recognition
import SeededRandom
import Streaming

/// What a gate says about a sound.
struct GateRun {
    private(set) var events: [SpeechGate.Event] = []
    /// How much sound the detector was given, each time.
    private(set) var heard: [Int] = []

    var utterances: [Range<Int>] {
        events.compactMap { if case .ended(let range) = $0 { range } else { nil } }
    }

    var starts: [Int] {
        events.compactMap { if case .started(let start) = $0 { start } else { nil } }
    }

    var questions: Int {
        events.count { if case .detect = $0 { true } else { false } }
    }

    /// - Parameters:
    ///   - seed: sound comes in random pieces, and answers come after a random number of pieces; `nil` gives all at once.
    ///   - detector: whether it is speech.
    init(
        _ samples: [Float], settings: SpeechGate.Settings = SpeechGate.Settings(), seed: UInt64? = nil,
        detector: (([Float]) -> Bool)? = nil
    ) {
        let detector = detector ?? { ToyDetector.detect($0).isSpeech }
        var gate = SpeechGate(settings: settings)
        var timeline = AudioTimeline()
        var random = SplitMix64(state: seed ?? 0)
        var sent = 0
        var answer: (isSpeech: Bool, wait: Int)?
        while true {
            if sent < samples.count {
                let piece = seed == nil ? samples.count : Int.random(in: 1...12_000, using: &random)
                timeline.append(samples[sent..<min(samples.count, sent + piece)])
                sent = min(samples.count, sent + piece)
            }
            if let known = answer {
                answer = known.wait > 0 ? (known.isSpeech, known.wait - 1) : nil
                if known.wait == 0, let event = gate.answer(known.isSpeech) { events.append(event) }
            }
            var isOver = false
            while answer == nil {
                var next = gate.next(in: timeline)
                if next == nil, sent == samples.count { next = gate.finish(at: samples.count) }
                guard let event = next else {
                    isOver = sent == samples.count
                    break
                }
                events.append(event)
                if case .detect(let range) = event {
                    let window = timeline.samples(in: range)
                    heard.append(window.count)
                    answer = (detector(window), seed == nil ? 0 : Int.random(in: 0...5, using: &random))
                }
            }
            // As a session does.
            timeline.discard(before: gate.needed)
            if isOver, !gate.isUndecided { return }
        }
    }
}
