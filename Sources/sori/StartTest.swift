import Gateway
import Logging
import Recognition
import ServiceLifecycle
import WhisperRecognition

/// Recognises a sound before the first client comes, and when recognition has failed for everybody: only then can a session
/// be served.
struct StartTest: Service, CustomStringConvertible {
    /// As it stands in the log: not with all that is in it, secrets too.
    var description: String { "self-test" }

    let recognizer: WhisperRecognizer
    let detector: WhisperDetector
    let readiness: Readiness
    let admission: Admission
    let logger: Logger

    func run() async throws {
        try await recognizer.warmUp()
        try await test()
        if admission.isLimited { admission.calibrate(try await recognizer.measureCosts(logger)) }
        readiness.worked()
        await readiness.testAgain(whileFailing: test)
    }

    private func test() async throws {
        try await SelfTest.check(detector)
        try await SelfTest.check(recognizer)
    }
}

extension WhisperRecognizer {
    /// Finds out what work costs, so that nobody has to speak before it is known how many have room.
    func measureCosts(_ logger: Logger) async throws -> RecognitionCosts {
        let costs = try await measureCosts()
        let milliseconds = [costs.window, costs.finalSecond].map { "\(Int(($0 * 1000).rounded())) ms" }
        logger.info("measured", metadata: ["window": "\(milliseconds[0])", "second of a final": "\(milliseconds[1])"])
        return costs
    }
}

extension Readiness {
    /// Tests every second while recognition fails for all, until the service group shuts down.
    func testAgain(whileFailing test: @escaping @Sendable () async throws -> Void) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                while true {
                    do { try await Task.sleep(for: .seconds(1)) } catch { return }
                    // Each failure is logged where a session meets it.
                    if self.isFailing, (try? await test()) != nil { self.worked() }
                }
            }
            try? await gracefulShutdown()
            group.cancelAll()
        }
    }
}
