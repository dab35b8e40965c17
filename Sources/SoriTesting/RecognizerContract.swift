internal import Foundation
package import Recognition
internal import WhisperText

/// What every ``SpeechRecognizer`` does, in this process or over a socket. Run each clause as a test of its own.
package struct RecognizerContract: Sendable {
    /// A part of the contract.
    package enum Clause: String, CaseIterable, Sendable {
        case describesItself
        case isStateless
        case keepsRequestsApart
        case staysWithinItsModel
        case readsSilence
        case refusesWhatMakesNoSense
        case takesWorkBack
        case survivesJSON
    }

    /// How a recogniser breaks the contract.
    package struct Violation: Error, CustomStringConvertible {
        package let description: String
    }

    private let recognizer: any SpeechRecognizer
    private let speech: [Float]

    /// - Parameter speech: sound at 16 kHz in -1...1 in which somebody speaks English, 2 to 10 s.
    package init(_ recognizer: any SpeechRecognizer, speech: [Float]) {
        self.recognizer = recognizer
        self.speech = speech
    }

    /// - Throws: ``Violation``, or the error of a request that should have worked.
    package func check(_ clause: Clause) async throws {
        switch clause {
        case .describesItself: try await checkDescription()
        case .isStateless: try await checkState()
        case .keepsRequestsApart: try await checkRequests()
        case .staysWithinItsModel: try await checkResult()
        case .readsSilence: try await checkSilence()
        case .refusesWhatMakesNoSense: try await checkBounds()
        case .takesWorkBack: try await checkCancellation()
        case .survivesJSON: try await checkJSON()
        }
    }

    private func request(_ count: Int? = nil) -> RecognitionRequest {
        var request = RecognitionRequest(samples: Array(speech.prefix(count ?? speech.count)))
        request.options.language = "en"
        request.options.temperatures = [0]
        request.options.wordTimestamps = true
        return request
    }

    private func answer(_ request: RecognitionRequest) async throws -> RecognitionResult {
        var result = try await recognizer.recognize(request)
        (result.work, result.times) = (0, nil)
        return result
    }

    private func expect(_ condition: Bool, _ message: String) throws {
        if !condition { throw Violation(description: message) }
    }

    private func checkDescription() async throws {
        let description = try await recognizer.describe()
        try expect(description.lanes > 0, "a recogniser has a lane")
        let digest = description.model.digest
        try expect(digest.count == 64 && digest.allSatisfy(\.isHexDigit), "the digest of a model is a SHA-256")
        try expect(description.model.vocabulary > 0 && !description.model.languages.isEmpty, "a model knows tokens")
        try expect(!description.model.name.isEmpty && !description.device.isEmpty, "model and device have names")
        try expect(try await recognizer.describe() == description, "a description stays the same")
    }

    private func checkState() async throws {
        let first = try await answer(request())
        _ = try await answer(request(speech.count / 2))
        try expect(try await answer(request()) == first, "the same request has the same result, whatever came between")
    }

    private func checkRequests() async throws {
        let requests = (1...6).map { request(speech.count * $0 / 6) }
        var alone: [RecognitionResult] = []
        for request in requests { alone.append(try await answer(request)) }
        let together = try await withThrowingTaskGroup(of: (Int, RecognitionResult).self) { group in
            for (index, request) in requests.enumerated() {
                group.addTask { (index, try await answer(request)) }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        for (index, result) in alone.enumerated() {
            try expect(together[index] == result, "requests at the same time have the results that each has alone")
        }
    }

    private func checkResult() async throws {
        let model = try await recognizer.describe().model
        var request = request()
        request.attentionThreshold = 10
        let result = try await answer(request)
        let seconds = Double(speech.count) / 16_000
        try expect(result.language == "en", "the language that is given is the language")
        try expect(
            result.tokens.allSatisfy { (0..<model.vocabulary).contains($0.id) }, "all tokens are in the vocabulary")
        try expect(
            result.tokens.allSatisfy { (0...1).contains($0.probability) }, "probabilities are in 0...1")
        try expect(
            result.tokens.allSatisfy { $0.attendedAt.map { (0...seconds).contains($0) } ?? false },
            "with an attention threshold, each token is attended somewhere in the window")
        try expect(
            result.words.allSatisfy { 0 <= $0.start && $0.start <= $0.end && $0.end <= seconds + 0.02 },
            "words lie in the window")
        try expect((0...1).contains(result.noSpeechProbability), "the probability of no speech is in 0...1")
        request.options.language = nil
        request.options.languages = ["en", "ko"]
        let heard = try await answer(request)
        try expect(
            ["en", "ko"].contains(heard.language) && heard.languages.values.allSatisfy { (0...1).contains($0) },
            "a language that is heard is one of those that come into question")
    }

    private func checkSilence() async throws {
        for count in [0, 1, 1600, 32_000] {
            var silent = request()
            silent.samples = [Float](repeating: 0, count: count)
            _ = try await answer(silent)
        }
    }

    private func checkBounds() async throws {
        let vocabulary = try await recognizer.describe().model.vocabulary
        let faults: [(String, (inout RecognitionRequest) -> Void)] = [
            ("31 s of sound", { $0.samples = [Float](repeating: 0, count: 31 * 16_000) }),
            ("a sample that is no number", { $0.samples[7] = .nan }),
            ("a token beyond the vocabulary", { $0.prefix = [vocabulary] }),
            ("a negative token", { $0.context = [-1] }),
            ("a long prefix", { $0.prefix = [Int](repeating: 1, count: 5000) }),
            ("no beams", { $0.options.beams = 0 }),
            ("a million samples", { $0.options.samples = 1_000_000 }),
            ("no temperatures", { $0.options.temperatures = [] }),
            ("a temperature that is no number", { $0.options.temperatures = [.nan] }),
            ("a language that nobody speaks", { $0.options.language = "xx" }),
            ("a long prompt", { $0.options.prompt = String(repeating: "a", count: 100_000) }),
            ("a negative margin", { $0.options.margin = -1 }),
            ("an endless attention threshold", { $0.attentionThreshold = .max }),
        ]
        for (name, spoil) in faults {
            var spoiled = request()
            spoil(&spoiled)
            do throws(RecognitionError) {
                _ = try await recognizer.recognize(spoiled)
                throw RecognitionError(.engineFailed, "it was taken")
            } catch {
                try expect(error.code == .badInput, "\(name) is bad input, and not: \(error.code): \(error.message)")
                try expect(!error.code.mayWorkLater, "bad input never works")
            }
        }
        _ = try await answer(request())
    }

    private func checkCancellation() async throws {
        let code = await withTaskGroup(of: RecognitionError.Code?.self) { group in
            group.cancelAll()
            group.addTask {
                do throws(RecognitionError) {
                    _ = try await recognizer.recognize(request())
                    return nil
                } catch {
                    return error.code
                }
            }
            return await group.next() ?? nil
        }
        try expect(code == .cancelled, "a task that is cancelled gets the error cancelled")
        _ = try await answer(request())
    }

    private func checkJSON() async throws {
        var request = request()
        request.options.prompt = "안녕하세요"
        request.languagePriors = ["ko": -0.5]
        request.prefix = [1, 2]
        request.draft = [3, 4]
        let copy = try JSONDecoder().decode(RecognitionRequest.self, from: JSONEncoder().encode(request))
        try expect(copy == request, "a request is the same after JSON")
        let result = try await answer(copy)
        let decoded = try JSONDecoder().decode(RecognitionResult.self, from: JSONEncoder().encode(result))
        try expect(decoded == result, "a result is the same after JSON")
        try expect(try await answer(request) == result, "JSON does not change what is recognised")
    }
}
