internal import Recognition
package import Streaming
internal import Synchronization

/// What a gateway has done since it was started. Everything but ``Counts/sessions`` only grows.
package final class GatewayStatistics: Sendable {
    package struct Counts: Sendable {
        /// Sessions that are open now.
        package var sessions = 0
        package var sessionsOpened = 0
        package var sessionsResumed = 0
        package var sessionsRefused = 0
        package var finals = 0
        package var recognitionFailures = 0
        package var detectionFailures = 0
        /// Live windows and whole utterances that were recognised, and the seconds from asking to the text.
        package var liveWindows = 0
        package var liveSeconds = 0.0
        package var wholeUtterances = 0
        package var wholeSeconds = 0.0
        /// Seconds of sound that came.
        package var audioSeconds = 0.0
        package var dropped: [HallucinationGuard.Reason: Int] = [:]
    }

    private let counts = Mutex(Counts())

    package init() {}

    /// The counts now.
    package var current: Counts { counts.withLock { $0 } }

    package func count(_ counter: any WritableKeyPath<Counts, Int> & Sendable, by step: Int = 1) {
        counts.withLock { $0[keyPath: counter] += step }
    }

    /// Counts what a session did.
    func count(_ note: ServerSession.Note) {
        counts.withLock { counts in
            switch note {
            case .heard(let seconds): counts.audioSeconds += seconds
            case .final: counts.finals += 1
            case .dropped(let reason): counts.dropped[reason, default: 0] += 1
            case .recognized(let work, let seconds, _) where work.isFinal:
                counts.wholeUtterances += 1
                counts.wholeSeconds += seconds
            case .recognized(_, let seconds, _):
                counts.liveWindows += 1
                counts.liveSeconds += seconds
            case .recognitionFailed(let error, _): counts.recognitionFailures += error.code == .cancelled ? 0 : 1
            case .detectionFailed: counts.detectionFailures += 1
            case .audioFailed: break
            }
        }
    }
}
