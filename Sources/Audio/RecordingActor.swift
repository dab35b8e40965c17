import Foundation

/// Reads a recording on a thread of its own, for callers that must not be kept waiting: a pipe may bring nothing for hours.
///
/// The task that calls it may be cancelled; it then gets a `CancellationError` within a tenth of a second.
public actor RecordingActor {
    private let executor = QueueExecutor()
    private var reader: AudioReader?

    /// Runs the actor outside of the threads that all tasks share.
    nonisolated public var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Creates an actor that reads nothing yet.
    public init() {}

    /// Opens a recording with one of ``AudioReader``'s initializers.
    public func open(_ make: @Sendable () throws -> AudioReader) throws {
        reader = try make()
    }

    /// The next samples; see ``AudioReader/next(maximumFrames:)``. `nil` also where nothing is open.
    public func next(maximumFrames: Int) throws -> [Float]? {
        try Task.checkCancellation()
        return try reader?.next(maximumFrames: maximumFrames)
    }

    /// What was odd so far.
    public var warnings: [AudioWarning] { reader?.warnings ?? [] }

    /// Closes the recording, which ends the programs that help to read it.
    public func close() {
        reader = nil
    }

    /// Runs something that may have to wait.
    func perform<Result: Sendable>(_ body: @Sendable () throws -> Result) rethrows -> Result {
        try body()
    }
}

/// A queue as an executor: its thread is none of those that run tasks.
private final class QueueExecutor: SerialExecutor {
    private let queue = DispatchQueue(label: "sori.recording")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}

extension AudioFile {
    /// Whether sound comes through a pipe under this name, so that it can be had once and may take its time; `-` is
    /// standard input.
    public static func isPipe(_ path: String) -> Bool {
        var status = stat()
        let result = path == "-" ? fstat(0, &status) : FileName.withPath(path) { stat($0, &status) }
        return result == 0 && [S_IFIFO, S_IFSOCK].contains(status.st_mode & S_IFMT)
    }

    /// Decodes a file as ``read(_:progress:)`` does, on a thread of its own; a task that is cancelled need not wait.
    ///
    /// - Parameter path: of the file; `-` is standard input.
    /// - Throws: ``AudioError``; `CancellationError`.
    public static func decode(_ path: String) async throws -> AudioClip {
        try await RecordingActor().perform {
            try read(path == "-" ? AudioReader(descriptor: 0, name: "standard input") : AudioReader(path: path))
        }
    }
}
