import Recognition
import Testing

@Suite("Readiness")
struct ReadinessTests {
    private let failed = RecognitionError(.engineFailed, "the device is gone")

    @Test("comes with the first recognition, goes when nothing works, and comes back by itself")
    func comesAndGoes() {
        let readiness = Readiness()
        #expect(readiness.unavailableReason != nil && !readiness.isFailing)
        readiness.worked()
        #expect(readiness.unavailableReason == nil)
        for _ in 0..<3 { readiness.failed(failed) }
        #expect(readiness.unavailableReason == "speech cannot be recognised: the device is gone" && readiness.isFailing)
        readiness.worked()
        #expect(readiness.unavailableReason == nil && !readiness.isFailing)
    }

    @Test("stays while others are served, and whatever one client asks for")
    func stays() {
        let readiness = Readiness()
        readiness.worked()
        for _ in 0..<10 {
            readiness.failed(failed)
            readiness.failed(failed)
            readiness.worked()
            readiness.failed(RecognitionError(.badInput, "what?"))
            readiness.failed(RecognitionError(.cancelled, "gone"))
            readiness.failed(RecognitionError(queued: 9, retryAfter: .seconds(1)))
        }
        #expect(readiness.unavailableReason == nil)
    }

    @Test("does not come back when the server stops")
    func stops() {
        let readiness = Readiness()
        readiness.worked()
        readiness.stop()
        readiness.worked()
        #expect(readiness.unavailableReason == "the server stops")
    }
}
