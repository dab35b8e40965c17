import Gateway
import Measuring
import Recognition
import SoriProtocol
import Streaming
import Whisper

/// Plays a recording to a session in simulated time: the sound comes at its pace on a clock of its own, and work takes as
/// long as it really took to do. So a recording is measured as fast as the machine recognises, with true latencies.
struct StreamSimulation {
    /// What came of a recording.
    struct Outcome {
        var trace = CaptionTrace()
        var dropped: [HallucinationGuard.Reason: Int] = [:]
        var work = Work()
    }

    /// Seconds spent on detecting, live windows and finals.
    struct Work {
        var detecting = 0.0
        var live = 0.0
        var polishing = 0.0
        var liveWindows = 0

        static func += (left: inout Work, right: Work) {
            left.detecting += right.detecting
            left.live += right.live
            left.polishing += right.polishing
            left.liveWindows += right.liveWindows
        }
    }

    private enum Answer {
        case detected(SpeechDetection?)
        case recognized(RecognitionResult?, RecognitionWork, asked: Double)
    }

    /// Seconds of sound in a frame.
    private static let frame = 0.04

    let recognizer: WhisperRecognizer
    let detector: WhisperDetector
    let settings: CaptionSettings

    func run(_ samples: [Float]) async throws -> Outcome {
        var session = CaptionSession(settings: settings, tokenizer: recognizer.model.tokenizer)
        var load = LoadControl(hop: settings.windows.hop)
        var outcome = Outcome()
        var answers: [(due: Double, answer: Answer)] = []
        var sent = 0
        var isFinished = false
        while !isFinished {
            let frameDue = sent < samples.count ? Double(sent) / 16_000 + Self.frame : .infinity
            let answerIndex = answers.indices.min { answers[$0].due < answers[$1].due }
            let answerDue = answerIndex.map { answers[$0].due } ?? .infinity
            let now = min(frameDue, answerDue)
            if frameDue <= answerDue, sent < samples.count {
                let end = min(samples.count, sent + Self.frame.asSamples)
                session.append(Array(samples[sent..<end]))
                sent = end
                if sent == samples.count { session.finish() }
            } else if let answerIndex {
                switch answers.remove(at: answerIndex).answer {
                case .detected(let detection): session.detected(detection)
                case .recognized(let result, let work, let asked):
                    if case .live = work.purpose {
                        load.observe(now - asked)
                        session.stretchHop(by: load.factor)
                    }
                    session.recognized(result, as: work)
                }
            } else {
                break
            }
            while let work = session.nextWork() {
                switch work {
                case .tell(let event):
                    outcome.take(event, at: now)
                    if event == .finished { isFinished = true }
                case .detect(let window):
                    let (seconds, detection) = try await timed { try await detector.detect(window) }
                    outcome.work.detecting += seconds
                    answers.append((now + seconds, .detected(detection)))
                case .recognize(let work):
                    let (seconds, result) = try await timed { try await recognizer.recognize(work.request) }
                    if case .live = work.purpose {
                        outcome.work.live += seconds
                        outcome.work.liveWindows += 1
                    } else {
                        outcome.work.polishing += seconds
                    }
                    answers.append((now + seconds, .recognized(result, work, asked: now)))
                }
            }
        }
        return outcome
    }

    private func timed<Value>(_ body: () async throws -> Value) async throws -> (Double, Value) {
        let start = ContinuousClock.now
        let value = try await body()
        return ((ContinuousClock.now - start) / .seconds(1), value)
    }
}

extension StreamSimulation.Outcome {
    fileprivate mutating func take(_ event: CaptionEvent, at time: Double) {
        switch event {
        case .partial(let utterance, let caption, let start):
            trace.take(ServerMessage.Partial(caption, of: utterance, start: start), at: time)
        case .final(let final): trace.take(ServerMessage.Final(final), at: time)
        case .dropped(let reason): dropped[reason, default: 0] += 1
        default: break
        }
    }
}
