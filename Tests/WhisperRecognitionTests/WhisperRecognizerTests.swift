import Recognition
import SoriTesting
import Testing
import Whisper
import WhisperRecognition
import WhisperText

/// The base model on lanes, with a real voice.
@Suite("Recognising with Whisper", .enabled(if: RecordedSpeech.isReady, "needs the base model and the test audio"))
struct WhisperRecognizerTests {
    private static let model = Result { try RecordedSpeech.model() }
    private let samples: [Float]
    private let recognizer: WhisperRecognizer

    init() throws {
        samples = try RecordedSpeech.samples()
        recognizer = try WhisperRecognizer(model: Self.model.get(), lanes: 2, queueLimit: 4)
    }

    @Test("keeps the contract of all recognisers", arguments: RecognizerContract.Clause.allCases)
    func contract(clause: RecognizerContract.Clause) async throws {
        let recognizer = try WhisperRecognizer(model: Self.model.get(), lanes: 2, queueLimit: 16)
        try await RecognizerContract(recognizer, speech: samples).check(clause)
    }

    @Test("writes what was said")
    func speech() async throws {
        var request = RecognitionRequest(samples: samples)
        request.options.wordTimestamps = true
        try await recognizer.warmUp()
        let result = try await recognizer.recognize(request)
        #expect(result.text.trimmedWords == RecordedSpeech.text.trimmedWords)
        #expect(result.language == "en")
        #expect(result.isComplete)
        #expect(result.temperature == 0)
        #expect(result.averageLogProbability > -0.5)
        #expect(result.noSpeechProbability < 0.5)
        #expect(result.tokens.allSatisfy { $0.probability > 0 && $0.probability <= 1 && $0.attendedAt == nil })

        let words = result.words
        #expect(words.map(\.text).joined().trimmedWords == RecordedSpeech.text.trimmedWords)
        #expect(zip(words, words.dropFirst()).allSatisfy { $0.end <= $1.end && $0.start <= $1.start })
        #expect(words.allSatisfy { $0.start >= 0 && $0.start <= $0.end && $0.end <= 5.6 })
    }

    @Test("requests at the same time give what each gives alone")
    func sideBySide() async throws {
        let requests = [0, 16_000, 32_000, 8_000].map { RecognitionRequest.english(Array(samples[$0...])) }
        var alone: [RecognitionResult] = []
        for request in requests { alone.append(try await recognizer.recognize(request)) }
        let together = try await withThrowingTaskGroup(of: (Int, RecognitionResult).self) { group in
            for (index, request) in requests.enumerated() {
                group.addTask { [recognizer] in (index, try await recognizer.recognize(request)) }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        for (index, result) in alone.enumerated() {
            var other = try #require(together[index])
            #expect(result.work > 0 && other.work > 0)
            (other.work, other.times) = (result.work, result.times)
            #expect(other == result)
        }
        #expect(Set(alone.map(\.text)).count > 1)
    }

    @Test("words that are not over yet are withheld, the more the larger the threshold")
    func attentionThreshold() async throws {
        // Cut in the middle of a sentence.
        var request = RecognitionRequest.english(Array(samples[..<56_000]))
        let whole = try await recognizer.recognize(request)
        var lengths: [Int] = []
        for threshold in [0, 25, 75, 150] {
            request.attentionThreshold = threshold
            let result = try await recognizer.recognize(request)
            #expect(result.tokens.map(\.id) == whole.tokens.prefix(result.tokens.count).map(\.id))
            let heard = try result.tokens.map { try #require($0.attendedAt) }
            #expect(heard.allSatisfy { $0 >= 0 && $0 < 3.5 - Double(threshold) / 50 })
            lengths.append(result.tokens.count)
            if result.tokens.count < whole.tokens.count { #expect(!result.isComplete) }
        }
        #expect(lengths == lengths.sorted(by: >))
        #expect(lengths[3] < lengths[2] && lengths[2] < lengths[1] && lengths[1] < whole.tokens.count)
        #expect(lengths[2] > 0)
    }

    @Test("text that is settled is continued and not repeated")
    func prefix() async throws {
        var request = RecognitionRequest.english(samples)
        let whole = try await recognizer.recognize(request)
        for count in [1, 5, whole.tokens.count - 1] {
            request.prefix = whole.tokens.prefix(count).map(\.id)
            let rest = try await recognizer.recognize(request)
            #expect(rest.tokens.map(\.id) == whole.tokens.dropFirst(count).map(\.id))
            #expect(recognizer.model.tokenizer.decode(request.prefix) + rest.text == whole.text)
        }
    }

    @Test("what was said before sets the style")
    func context() async throws {
        var request = RecognitionRequest.english(samples)
        request.context = recognizer.model.tokenizer.encode(" THAT AGENT IS NOT LOGGED ON. PLEASE ENTER A NUMBER.")
        let text = try await recognizer.recognize(request).text
        let shouted = text.split(separator: " ").filter { $0 == $0.uppercased() }
        #expect(2 * shouted.count > text.split(separator: " ").count, "\(text)")
        #expect(text.contains("AGENT"))
    }

    @Test("a cancelled recording ends between tokens and frees its lane")
    func cancellation() async throws {
        let recognizer = try WhisperRecognizer(model: Self.model.get(), lanes: 1, queueLimit: 4)
        let recording = [[Float]](repeating: samples + [Float](repeating: 0, count: 8_000), count: 200).flatMap(\.self)
        let segments = Counter()
        let progress = Log<Double>()
        let error = await withTaskGroup(of: RecognitionError?.self) { group in
            group.addTask {
                await recognitionError {
                    var options = DecodingOptions()
                    options.language = "en"
                    // The sentence over and over is what the fallback takes for a loop.
                    options.temperatures = [0]
                    return try await recognizer.transcribe(
                        recording, options: options, onSegment: { _ in segments.add(1) },
                        onProgress: { progress.append($0) })
                }
            }
            await until { segments.value > 0 }
            group.cancelAll()
            return await group.next() ?? nil
        }
        #expect(error?.code == .cancelled)
        // The lane is free when the next request is done; the recording is far from its end.
        let result = try await recognizer.recognize(.english(samples))
        #expect(result.text.trimmedWords == RecordedSpeech.text.trimmedWords)
        #expect((progress.entries.last ?? 0) < Double(recording.count) / 32_000)
        #expect(recognizer.statistics.cancelled == 1)
        #expect(recognizer.statistics.running == 0)
    }

    @Test("a window of more than 30 s, an unknown language and text without room are refused with one clear line")
    func refusals() async throws {
        var long = RecognitionRequest.english([Float](repeating: 0, count: 480_001))
        var foreign = RecognitionRequest.english(samples)
        foreign.options.language = "xx"
        var wordy = RecognitionRequest.english(samples)
        wordy.prefix = Array(repeating: 264, count: 500)
        for (request, hint) in [(long, "30 s"), (foreign, "languages"), (wordy, "448")] {
            let error = await recognitionError { try await recognizer.recognize(request) }
            #expect(error?.code == .badInput)
            #expect(error?.message.contains(hint) == true)
            #expect(error?.message.contains("\n") == false)
        }
        long.samples.removeLast()
        long.options.margin = nil
        _ = try await recognizer.recognize(long)
        #expect(recognizer.statistics.started == 1, "no lane is bothered with the others")
    }

    @Test("no sound at all has a result")
    func empty() async throws {
        for count in [0, 1, 100] {
            let result = try await recognizer.recognize(.english([Float](repeating: 0, count: count)))
            #expect(result.tokens.count <= 12)
        }
    }

    @Test("a full queue refuses, and says when to come back")
    func overload() async throws {
        let recognizer = try WhisperRecognizer(model: Self.model.get(), lanes: 1, queueLimit: 0)
        let gate = Gate()
        let samples = samples
        async let busy = recognizer.transcribe(samples, options: DecodingOptions(), onSegment: { _ in gate.pass() })
        await until { gate.arrivals > 0 }
        let error = await recognitionError { try await recognizer.recognize(.english(samples)) }
        gate.open()
        #expect(error?.code == .overloaded)
        #expect(error?.retryAfter != nil)
        #expect(try await busy.text.trimmedWords == RecordedSpeech.text.trimmedWords)
        await recognizer.drain()
        let late = await recognitionError { try await recognizer.recognize(.english(samples)) }
        #expect(late?.code == .shutDown)
    }
}

extension String {
    /// The words without what is only spelling.
    fileprivate var trimmedWords: String {
        split { !$0.isLetter }.joined(separator: " ").replacing("log on", with: "logon")
    }
}
