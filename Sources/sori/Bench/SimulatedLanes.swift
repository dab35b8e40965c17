import Recognition
import Streaming

/// Lanes of a simulated machine: they do one job each, in the order in which these came.
struct SimulatedLanes {
    enum Answer {
        case detected(SpeechDetection)
        case recognized(RecognitionResult, RecognitionWork, asked: Double)
    }

    struct Job {
        var session: Int
        var answer: Answer
        /// How long it takes.
        var seconds: Double
    }

    private let count: Int
    private var running: [(job: Job, due: Double)] = []
    private var waiting: [Job] = []

    init(count: Int) {
        self.count = count
    }

    /// When the next job is done.
    var nextDue: Double? { running.map(\.due).min() }

    mutating func add(_ job: Job, at now: Double) {
        if running.count < count { running.append((job, now + job.seconds)) } else { waiting.append(job) }
    }

    /// Takes the job that is done next; another one begins.
    mutating func finish() -> Job? {
        guard let index = running.indices.min(by: { running[$0].due < running[$1].due }) else { return nil }
        let (job, due) = running.remove(at: index)
        if !waiting.isEmpty { add(waiting.removeFirst(), at: due) }
        return job
    }
}
