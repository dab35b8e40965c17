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

    func heard(seconds: Double) {
        counts.withLock { $0.audioSeconds += seconds }
    }

    func dropped(_ reason: HallucinationGuard.Reason) {
        counts.withLock { $0.dropped[reason, default: 0] += 1 }
    }

    func recognized(_ work: RecognitionWork, seconds: Double) {
        counts.withLock { counts in
            switch work.purpose {
            case .live:
                counts.liveWindows += 1
                counts.liveSeconds += seconds
            case .final:
                counts.wholeUtterances += 1
                counts.wholeSeconds += seconds
            }
        }
    }
}
