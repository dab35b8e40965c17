import Foundation
import Streaming

/// Seconds spent on detecting, live windows and finals.
struct SimulatedWork {
    var detecting = 0.0
    var live = 0.0
    var polishing = 0.0
    /// Of that, what was taken back before it was done.
    var saved = 0.0
    var liveWindows = 0
    /// Texts that were not believed.
    var dropped: [HallucinationGuard.Reason: Int] = [:]

    var total: Double { detecting + live + polishing - saved }

    mutating func add(_ work: RecognitionWork, _ seconds: Double) {
        if case .live = work.purpose {
            live += seconds
            liveWindows += 1
        } else {
            polishing += seconds
        }
    }

    static func += (left: inout SimulatedWork, right: SimulatedWork) {
        left.detecting += right.detecting
        left.live += right.live
        left.polishing += right.polishing
        left.saved += right.saved
        left.liveWindows += right.liveWindows
        left.dropped.merge(right.dropped, uniquingKeysWith: +)
    }

    /// What the work was for a second of sound.
    ///
    /// - Parameter seconds: of sound.
    func line(seconds: Double) -> String {
        let reasons = dropped.map { "\($0.key.rawValue) \($0.value)" }.sorted().joined(separator: ", ")
        return String(
            format: "work %.3f s a second (detecting %.3f, live %.3f, finals %.3f); %.0f ms a window",
            total / seconds, detecting / seconds, live / seconds, (polishing - saved) / seconds,
            live / Double(max(1, liveWindows)) * 1000) + (reasons.isEmpty ? "" : "; dropped: \(reasons)")
    }
}
