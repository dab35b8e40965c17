import Recognition
import SeededRandom
import Streaming
import WhisperText

/// Words that are said at times, and a recogniser that knows them: it returns what a window holds.
struct Script: Sendable {
    /// Words with different texts, in seconds of the session.
    var words: [(text: String, start: Double, end: Double)] = []
    var language = "en"

    /// Sound in which the words are said.
    func sound(seconds: Double) -> Sound {
        var sound = Sound(seconds: seconds)
        for word in words { sound.burst(from: word.start, to: word.end) }
        return sound
    }

    func answer(_ work: RecognitionWork) -> RecognitionResult {
        let (start, end) = ((work.end - work.request.samples.count).asSeconds, work.end.asSeconds)
        // What is settled is not written again.
        let settled = Toy.text(work.request.prefix).split(separator: " ").last.map { " \($0)" }
        let first = settled.flatMap { last in words.firstIndex { $0.text == last } }.map { $0 + 1 } ?? 0
        let heard = words[first...].filter { middle($0) >= start && middle($0) < end }
        if work.request.options.wordTimestamps {
            return .timed(heard.map { ($0.text, $0.start - start, min($0.end, end) - start) }, language: language)
        }
        let limit = end - Double(work.request.attentionThreshold ?? 0) / 50
        let before = heard.filter { middle($0) < limit }
        return .heard(
            // A word that is not over is heard wrongly.
            before.map { ($0.end <= end ? $0.text : $0.text + "~", middle($0) - start) }, language: language,
            isComplete: before.count == heard.count)
    }

    private func middle(_ word: (text: String, start: Double, end: Double)) -> Double { (word.start + word.end) / 2 }

    /// Utterances of random lengths, some of them longer than any may be.
    static func conversation(_ seed: UInt64, seconds: Double) -> Script {
        var random = SplitMix64(state: seed)
        var script = Script()
        var time = 0.5
        while time < seconds - 4 {
            for _ in 0..<(Int.random(in: 0..<6, using: &random) == 0 ? 90 : Int.random(in: 1...12, using: &random))
            where time < seconds - 1 {
                script.words.append((" word\(script.words.count)", time, time + 0.3))
                // Some pauses within an utterance might be its end.
                time += Int.random(in: 0..<5, using: &random) == 0 ? Double.random(in: 0.5...0.8, using: &random) : 0.4
            }
            time += Double.random(in: 0.7...2.5, using: &random)
        }
        return script
    }

    /// Words one after the other from a time on.
    static func line(_ texts: [String], from start: Double = 1) -> Script {
        Script(words: texts.enumerated().map { (" \($1)", start + Double($0) * 0.4, start + Double($0) * 0.4 + 0.3) })
    }

    var text: String { words.map(\.text).joined() }
}

/// Plays sound to a session in simulated time.
struct Playback {
    var settings = CaptionSettings()
    /// Random pieces and delays; without, pieces of 40 ms and answers after 0.1 s.
    var seed: UInt64?
    /// What comes back of work; `nil` is a failure.
    var recognize: (RecognitionWork) -> RecognitionResult?
    var detect: ([Float]) -> SpeechDetection? = { ToyDetector.detect($0) }
    /// Answers to these never come.
    var loses: (RecognitionWork) -> Bool = { _ in false }
    /// Called with each piece of sound, before it is given.
    var meanwhile: (inout CaptionSession, Double) -> Void = { _, _ in }
    /// Samples at which what was said is to become final, in order.
    var flushes: [Int] = []

    init(_ script: Script = Script(), language: String? = "en") {
        recognize = { script.answer($0) }
        settings.language = language
    }

    struct Outcome {
        var told: [CaptionEvent] = []
        /// When each was told.
        var times: [Double] = []
        var work: [RecognitionWork] = []
        /// Numbers of the windows that were taken back.
        var withdrawn: [Int] = []
        var mostKept = 0.0
        var acknowledged = 0
        var session: CaptionSession

        var finals: [FinalCaption] { told.compactMap { if case .final(let final) = $0 { final } else { nil } } }
        var text: String { finals.map(\.text).joined(separator: " ") }

        var translations: [(utterance: Int, text: String)] {
            told.compactMap { if case .translation(let utterance, let text) = $0 { (utterance, text) } else { nil } }
        }

        func partials(_ utterance: Int) -> [Caption] {
            told.compactMap { if case .partial(utterance, let caption, _) = $0 { caption } else { nil } }
        }
    }

    private enum Answer {
        case detection(SpeechDetection?)
        case result(RecognitionResult?, RecognitionWork)

        func isResult(of id: Int) -> Bool { if case .result(_, let work) = self { work.id == id } else { false } }
    }

    func run(_ samples: [Float]) -> Outcome {
        var random = SplitMix64(state: seed ?? 0)
        var outcome = Outcome(session: CaptionSession(settings: settings, tokenizer: Toy.tokenizer))
        var answers: [(due: Double, answer: Answer)] = []
        var (sent, soundDue, now) = (0, 0.0, 0.0)
        var hasFinished = false
        var flushes = flushes
        while true {
            let index = answers.indices.min { answers[$0].due < answers[$1].due }
            if !hasFinished, soundDue <= index.map({ answers[$0].due }) ?? .infinity {
                now = soundDue
                meanwhile(&outcome.session, now)
                var piece = seed == nil ? 640 : Int.random(in: 1...16_000, using: &random)
                if let place = flushes.first { piece = min(piece, place - sent) }
                if sent < samples.count {
                    outcome.session.append(Array(samples[sent..<min(samples.count, sent + piece)]))
                }
                sent = min(samples.count, sent + piece)
                while flushes.first == sent {
                    flushes.removeFirst()
                    outcome.session.flush()
                }
                soundDue = sent.asSeconds
                if sent == samples.count {
                    outcome.session.finish()
                    hasFinished = true
                }
            } else if let index {
                let (due, answer) = answers.remove(at: index)
                now = due
                switch answer {
                case .detection(let detection): outcome.session.detected(detection)
                case .result(let result, let work): outcome.session.recognized(result, as: work)
                }
            } else {
                break
            }
            while let work = outcome.session.nextWork() {
                let delay = seed == nil ? 0.1 : Double.random(in: 0.001...1.5, using: &random)
                switch work {
                case .tell(let event):
                    outcome.told.append(event)
                    outcome.times.append(now)
                case .withdraw(let id):
                    outcome.withdrawn.append(id)
                    // Or it is answered nevertheless, when it was done just then.
                    if delay < 0.7 { answers.removeAll { $0.1.isResult(of: id) } }
                case .detect(let window): answers.append((now + delay / 4, .detection(detect(window.samples))))
                case .recognize(let work):
                    outcome.work.append(work)
                    if !loses(work) { answers.append((now + delay, .result(recognize(work), work))) }
                }
            }
            outcome.mostKept = max(outcome.mostKept, outcome.session.keptSeconds)
        }
        outcome.acknowledged = outcome.session.acknowledged
        return outcome
    }
}

extension Playback.Outcome {
    /// Words that somebody who reads along sees twice at a time, where no word is said twice.
    var seenTwice: Set<Substring> {
        var shown: [Int: String] = [:]
        var twice: Set<Substring> = []
        for event in told {
            switch event {
            case .partial(let utterance, let caption, _): shown[utterance] = caption.stable + caption.tentative
            case .final(let final): shown[final.utterance] = final.text
            default: continue
            }
            var seen: Set<Substring> = []
            for text in shown.values {
                for word in text.split(whereSeparator: { " ~".contains($0) }) where !seen.insert(word).inserted {
                    twice.insert(word)
                }
            }
        }
        return twice
    }

    /// What is wrong with what was told, whatever was said; empty when all is well.
    func faults(samples: Int, appendOnly: Bool = false) -> [String] {
        var faults: [String] = []
        var stable: [Int: String] = [:]
        var shown: Set<Int> = []
        var done: Set<Int> = []
        var acknowledged = 0
        var waiting: [Int: Int] = [:]
        let finals = Set(finals.map(\.utterance))
        var speaking: Int?
        for event in told {
            switch event {
            case .partial(let utterance, let caption, let start):
                if !caption.stable.hasPrefix(stable[utterance] ?? "") { faults.append("stable text changed") }
                if done.contains(utterance) { faults.append("partial after final") }
                if start < acknowledged { faults.append("acknowledged what is spoken") }
                stable[utterance] = caption.stable
                if !caption.isEmpty { shown.insert(utterance) }
                if finals.contains(utterance) { waiting[utterance] = start }
            case .final(let final):
                if !done.insert(final.utterance).inserted { faults.append("two finals of one utterance") }
                if final.utterance < done.max() ?? 0 { faults.append("finals out of order") }
                if final.range.lowerBound < acknowledged { faults.append("acknowledged before its final") }
                if appendOnly, !final.text.hasPrefix(stable[final.utterance] ?? "") {
                    faults.append("stable text corrected")
                }
                if final.text.isEmpty, !shown.contains(final.utterance) { faults.append("empty final of nothing") }
                waiting[final.utterance] = nil
            case .acknowledged(let position):
                if position <= acknowledged { faults.append("acknowledged backwards") }
                if waiting.values.contains(where: { $0 < position }) { faults.append("acknowledged an open utterance") }
                acknowledged = position
            case .speechStarted(let at):
                if speaking != nil { faults.append("started twice") }
                speaking = at
            case .speechStopped(let at):
                if at <= speaking ?? .max { faults.append("stopped before the start") }
                speaking = nil
            case .translation(let utterance, _):
                if !done.contains(utterance) { faults.append("translation before its final") }
            case .dropped, .finalFailed, .finished, .languageDetected, .flushed: break
            }
        }
        if !shown.isSubset(of: done) { faults.append("no final of what was shown") }
        if told.filter({ $0 == .finished }).count != 1 || told.last != .finished {
            faults.append("not finished once, last")
        }
        if acknowledged != samples { faults.append("acknowledged \(acknowledged) of \(samples)") }
        return faults
    }
}
