package import Recognition

/// An engine on a thread of its own: made there, used only there, and destroyed there.
///
/// Being an actor, a lane does one thing at a time. The engine may be anything, also a value that must not be shared
/// between threads. It is made when it is first needed.
package actor Lane<Engine> {
    private let executor: ThreadExecutor
    private let makeEngine: @Sendable () throws -> Engine
    private var engine: Engine?

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Starts the lane's thread, without an engine yet.
    ///
    /// - Parameters:
    ///   - name: the thread's name, at most 15 bytes on Linux.
    ///   - makeEngine: called on the lane's thread. If it fails, the next to need an engine tries again.
    /// - Throws: ``RecognitionError/Code/threadUnavailable`` if the system has no thread left.
    package init(name: String, makeEngine: @escaping @Sendable () throws -> Engine) throws(RecognitionError) {
        self.executor = try ThreadExecutor(name: name)
        self.makeEngine = makeEngine
    }

    isolated deinit {
        engine = nil
    }

    /// Runs `body` with the engine.
    ///
    /// - Throws: what `body` throws, or ``RecognitionError/Code/engineUnavailable`` if there is no engine.
    package func run<Output: Sendable>(_ body: @Sendable (Engine) throws -> Output) throws -> Output {
        try body(readyEngine())
    }

    /// Makes the engine if there is none.
    package func warmUp() throws(RecognitionError) {
        _ = try readyEngine()
    }

    /// Destroys the engine; the next to need one gets a new one.
    package func release() {
        engine = nil
    }

    /// Runs `work` on the lane's thread after everything asked for before, and returns at once.
    nonisolated func enqueue(_ work: @escaping @Sendable (isolated Lane) -> Void) {
        executor.run { self.assumeIsolated(work) }
    }

    private func readyEngine() throws(RecognitionError) -> Engine {
        if let engine { return engine }
        do {
            let engine = try makeEngine()
            self.engine = engine
            return engine
        } catch {
            throw .engineUnavailable(error)
        }
    }
}
