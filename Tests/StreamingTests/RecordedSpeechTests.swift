import Recognition
import Streaming
import Testing
import WhisperText

/// Takes what is loud for speech.
private struct LoudnessDetector: SpeechDetector {
    func detect(_ request: DetectionRequest) async throws(RecognitionError) -> SpeechDetection {
        let power = request.samples.reduce(0) { $0 + $1 * $1 } / Float(max(1, request.samples.count))
        return ToyDetector.heard(power > 1e-3 ? 0.1 : 0.95)
    }

    func describe() async throws(RecognitionError) -> DetectorDescription {
        let model = ModelDescription(name: "toy", digest: "", vocabulary: 1, languages: ["en"])
        return DetectorDescription(model: model, device: "none", lanes: 1, thresholds: .whisperTiny)
    }
}

@Suite struct RecordedSpeechTests {
    private static let rate = 16_000

    /// Syllables of a tone of 200 Hz.
    private func voice(_ seconds: Double, amplitude: Float = 0.3) -> [Float] {
        (0..<Int(seconds * Double(Self.rate))).map { index in
            let isSyllable = index % 4000 < 3000
            return isSyllable ? amplitude * (index / 40 % 2 == 0 ? 1 : -1) : 0
        }
    }

    private func silence(_ seconds: Double) -> [Float] {
        [Float](repeating: 0, count: Int(seconds * Double(Self.rate)))
    }

    private func segment(_ text: String, _ start: Double, _ end: Double, logProbability: Float = -0.3) -> Segment {
        Segment(start: start, end: end, text: text, averageLogProbability: logProbability)
    }

    @Test func findsWhatIsSpokenAndNotTheSilence() async throws {
        let samples = silence(25) + voice(3) + silence(20) + voice(4) + silence(3)
        let speech = try await RecordedSpeech(of: samples, detector: LoudnessDetector())
        let seconds = speech.ranges.map { (Double($0.lowerBound) / 16_000, Double($0.upperBound) / 16_000) }
        try #require(seconds.count == 2)
        for (found, spoken) in zip(seconds, [(25.0, 28.0), (48.0, 52.0)]) {
            #expect(abs(found.0 - spoken.0) < 0.15 && abs(found.1 - spoken.1) < 0.35, "\(found)")
        }
        #expect(speech.stretches.allSatisfy { $0.noSpeech < 0.2 })
    }

    @Test func speechThatGoesOnIsCutWithoutALoss() async throws {
        let speech = try await RecordedSpeech(of: voice(70), detector: LoudnessDetector())
        #expect(speech.ranges.count > 1)
        #expect(zip(speech.ranges, speech.ranges.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
        #expect(speech.ranges.reduce(0) { $0 + $1.count } > 69 * Self.rate)
    }

    @Test func silenceHasNone() async throws {
        #expect(try await RecordedSpeech(of: silence(30), detector: LoudnessDetector()).ranges.isEmpty)
        #expect(try await RecordedSpeech(of: [], detector: LoudnessDetector()).ranges.isEmpty)
    }

    @Test func aCancelledSearchEnds() async throws {
        let samples = voice(30)
        let task = Task {
            try await RecordedSpeech(of: samples, detector: LoudnessDetector()).ranges
        }
        task.cancel()
        await #expect(throws: (any Error).self) { try await task.value }
    }

    @Test(arguments: [
        ("Thank you.", Float(0.6), Float(-0.3), false), ("Thank you.", 0.1, -0.3, true),
        ("Good morning to you.", 0.6, -0.3, true), ("Good morning to you.", 0.6, -0.9, true),
        ("Good morning to you.", 0.6, -1.4, false), ("Good morning to you.", 0.1, -1.4, false),
    ])
    func textNeedsEvidence(text: String, noSpeech: Float, logProbability: Float, isBelieved: Bool) {
        let samples = silence(1) + voice(2) + silence(1)
        let speech = RecordedSpeech([.init(range: 16_000..<48_000, noSpeech: noSpeech)], in: samples)
        let segment = segment(text, 1, 3, logProbability: logProbability)
        #expect(speech.believes(segment, given: GivenText()) == isBelieved)
    }

    @Test func aPromptIsNotSpeech() {
        let given = GivenText(prompt: "오늘 방송은 소리 개발 이야기입니다")
        let samples = voice(4)
        let doubtful = RecordedSpeech([.init(range: 0..<64_000, noSpeech: 0.6)], in: samples)
        #expect(!doubtful.believes(segment("오늘 방송은 소리 개발 이야기입니다", 0, 4), given: given))
        let sure = RecordedSpeech([.init(range: 0..<64_000, noSpeech: 0.1)], in: samples)
        #expect(sure.believes(segment("오늘 방송은 소리 개발 이야기입니다", 0, 4), given: given))
    }

    @Test func aRefrainStaysWhereSomebodySpeaks() {
        var refrain = segment("by the sea, by the sea, by the sea, by the sea, by the sea, by the sea", 0, 4)
        refrain.compressionRatio = 3
        let sure = RecordedSpeech([.init(range: 0..<64_000, noSpeech: 0.1)], in: voice(4))
        #expect(sure.believes(refrain, given: GivenText()))
        let doubtful = RecordedSpeech([.init(range: 0..<64_000, noSpeech: 0.6)], in: voice(4))
        #expect(!doubtful.believes(refrain, given: GivenText()))
    }
}
