import Foundation
import Recognition
import SoriTesting
import Synchronization
import Testing
import WhisperText

@Suite("The contract of recognisers")
struct ContractTests {
    @Test("is kept by the recogniser that tests use", arguments: RecognizerContract.Clause.allCases)
    func scripted(clause: RecognizerContract.Clause) async throws {
        let sound = (0..<32_000).map { Float($0 % 100) / 100 - 0.5 }
        try await RecognizerContract(ScriptedRecognizer(), speech: sound).check(clause)
    }

    @Test("notices one that breaks it", arguments: RecognizerContract.Clause.allCases.filter { $0 != .readsSilence })
    func broken(clause: RecognizerContract.Clause) async throws {
        let sound = (0..<32_000).map { Float($0 % 100) / 100 - 0.5 }
        await #expect(throws: (any Error).self) {
            try await RecognizerContract(BrokenRecognizer(), speech: sound).check(clause)
        }
    }

    @Test("reads what an older program has written")
    func absentFields() throws {
        let request = try JSONDecoder().decode(RecognitionRequest.self, from: Data(#"{"prefix":[7]}"#.utf8))
        #expect(request == RecognitionRequest(samples: [], prefix: [7]))
        let options = try JSONDecoder().decode(DecodingOptions.self, from: Data(#"{"beams":3}"#.utf8))
        var expected = DecodingOptions()
        expected.beams = 3
        #expect(options == expected)
    }

    @Test("says what is wrong with a request, and nothing of what it holds")
    func messages() throws {
        var request = RecognitionRequest(samples: [])
        request.options.prompt = String(repeating: "secret ", count: 10_000)
        let model = ModelDescription(name: "m", digest: "", vocabulary: 51_865, languages: ["en", "ko"])
        let error = #expect(throws: RecognitionError.self) { try RequestBounds().check(request, for: model) }
        #expect(error?.message.contains("'prompt' and 'hotwords' have 70000 characters; send at most 10000") == true)
        #expect(error?.message.contains("secret") == false)
    }

    @Test("keeps sound as it is, in a third more than its bytes")
    func sound() throws {
        let samples: [Float] = [0, 1, -1, 0.1, .leastNonzeroMagnitude, 1e30]
        let data = try JSONEncoder().encode(DetectionRequest(samples: samples, language: "ja"))
        #expect(try JSONDecoder().decode(DetectionRequest.self, from: data).samples == samples)
        let long = try JSONEncoder().encode(DetectionRequest(samples: [Float](repeating: 0.123, count: 30_000)))
        #expect(long.count < 171_000)
    }
}

/// A recogniser that does everything wrong.
private final class BrokenRecognizer: SpeechRecognizer {
    private let counter = Counter()

    func recognize(_ request: RecognitionRequest) async throws(RecognitionError) -> RecognitionResult {
        let count = counter.next()
        return RecognitionResult(
            text: "\(count)", tokens: [.init(id: 100_000, probability: 2)], language: "xx",
            averageLogProbability: Float(count), noSpeechProbability: 2, compressionRatio: 1, isComplete: true)
    }

    func describe() async throws(RecognitionError) -> RecognizerDescription {
        RecognizerDescription(
            model: .init(name: "", digest: "?", vocabulary: 51_865, languages: []), device: "", lanes: 0)
    }
}

private final class Counter: Sendable {
    private let value = Atomic(0)
    func next() -> Int { value.add(1, ordering: .relaxed).newValue }
}
