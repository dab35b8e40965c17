import Foundation
import Gateway
import Measuring
import Recognition
import SoriProtocol
import Streaming

/// Plays recordings to sessions in simulated time: the sound comes at its pace on a clock of its own, and the sessions share
/// the lanes of one machine. So they are measured as fast as the machine recognises, with true latencies.
struct StreamSimulation {
    /// Somebody who speaks.
    struct Speaker {
        var samples: [Float]
        var settings: CaptionSettings
        /// Seconds after the first one at which this one begins.
        var delay = 0.0
    }

    /// Seconds of sound in a frame.
    private static let frame = 0.04

    let engine: SimulatedEngine
    /// Windows that are recognised at the same time; detections have one more lane, as in the server.
    var lanes = 1

    /// - Parameter onProgress: gets the seconds of sound played since it was called last.
    /// - Returns: what each was told, and the work of all together.
    func run(
        _ speakers: [Speaker], onProgress: (Double) -> Void
    ) async throws -> (traces: [CaptionTrace], work: SimulatedWork) {
        // Other simulations may use the engine as well.
        let name = UUID().uuidString
        var sessions = speakers.map { SimulatedSession($0, tokenizer: engine.tokenizer) }
        var recognizing = SimulatedLanes(count: lanes)
        var detecting = SimulatedLanes(count: 1)
        var work = SimulatedWork()
        while !sessions.allSatisfy(\.isFinished) {
            let frame = sessions.indices.filter { !sessions[$0].isHeard }.map { ($0, sessions[$0].frameDue) }
                .min { $0.1 < $1.1 }
            let answer = [recognizing.nextDue, detecting.nextDue].compactMap(\.self).min()
            let index: Int
            let now: Double
            if let frame, frame.1 <= answer ?? .infinity {
                (index, now) = frame
                onProgress(sessions[index].hear(Self.frame))
            } else if let answer {
                now = answer
                let job = detecting.nextDue == answer ? detecting.finish() : recognizing.finish()
                guard let job else { break }
                index = job.session
                sessions[index].take(job.answer, at: now)
            } else {
                break
            }
            while let wanted = sessions[index].nextWork() {
                switch wanted {
                case .tell(let event):
                    if case .dropped(let reason, _) = event { work.dropped[reason, default: 0] += 1 }
                    sessions[index].tell(event, at: now)
                case .detect(let window):
                    let (detection, seconds) = try await engine.detect(window)
                    work.detecting += seconds
                    detecting.add(.init(session: index, answer: .detected(detection), seconds: seconds), at: now)
                case .withdraw(let id):
                    work.saved += recognizing.withdraw(id, of: index, at: now)
                case .recognize(let wanted):
                    var request = wanted.request
                    request.place?.stream = "\(name)/\(index)/\(wanted.utterance)"
                    let result = try await engine.recognize(request)
                    work.add(wanted, result.work)
                    let answer = SimulatedLanes.Answer.recognized(result, wanted, asked: now)
                    recognizing.add(.init(session: index, answer: answer, seconds: result.work), at: now)
                }
            }
        }
        return (sessions.map(\.trace), work)
    }
}
