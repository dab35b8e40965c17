import Recognition
import Streaming

/// Lanes of a simulated machine: they do one job each, by priority and in the order in which these came.
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

        fileprivate var priority: RecognitionPriority {
            if case .recognized(_, let work, _) = answer { work.request.priority } else { .live }
        }

        fileprivate func isWork(_ id: Int, of session: Int) -> Bool {
            guard case .recognized(_, let work, _) = answer else { return false }
            return self.session == session && work.id == id
        }
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
        startNext(at: due)
        return job
    }

    /// Takes back a window of a session.
    ///
    /// - Returns: seconds of work that it saves.
    mutating func withdraw(_ id: Int, of session: Int, at now: Double) -> Double {
        if let index = waiting.firstIndex(where: { $0.isWork(id, of: session) }) {
            return waiting.remove(at: index).seconds
        }
        guard let index = running.firstIndex(where: { $0.job.isWork(id, of: session) }) else { return 0 }
        let saved = running.remove(at: index).due - now
        startNext(at: now)
        return saved
    }

    private mutating func startNext(at now: Double) {
        guard let next = waiting.indices.min(by: { waiting[$0].priority.rank < waiting[$1].priority.rank }) else {
            return
        }
        add(waiting.remove(at: next), at: now)
    }
}
