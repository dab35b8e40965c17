internal import Foundation
public import Recognition
internal import Whisper
internal import WhisperText

extension WhisperRecognizer {
    /// Measures what the work for somebody who speaks costs on this machine, in about a second; ``describe()`` tells it from
    /// then on. It is a real decode, and so says as well whether the recogniser works.
    ///
    /// What is decoded is a tone, written to a fixed number of tokens: what a live window and a final have on average.
    public func measureCosts() async throws(RecognitionError) -> RecognitionCosts {
        // Half of it is what was said before, as it is in live captions.
        var window = costRequest(seconds: 8, prefix: 24, tokens: 6)
        // From the second time on only what is new in it is encoded, as in live captions.
        window.place = SoundPlace(stream: "what work costs", start: 0)
        var final = costRequest(seconds: 12, prefix: 30, tokens: 30)
        final.options.wordTimestamps = true
        let costs = RecognitionCosts(
            window: try await fastest(window), finalSecond: try await fastest(final) / 6)
        take(costs)
        return costs
    }

    private func costRequest(seconds: Double, prefix: Int, tokens: Int) -> RecognitionRequest {
        let tone = (0..<Int(seconds * 16_000)).map { 0.1 * sin(Float($0) * (0.2 - Float($0) * 2e-7)) }
        let word = model.tokenizer.encode(" a").first ?? 0
        var request = RecognitionRequest(samples: tone, prefix: [Int](repeating: word, count: prefix))
        request.options.language = "en"
        request.options.temperatures = [0]
        request.options.timestamps = false
        // Without an end of text the decoder goes on until the bound on tokens.
        request.options.suppressedTokens = [model.tokenizer.endOfText]
        request.options.repeatableSeconds = seconds
        request.options.tokensPerSecond = max(0.1, (Double(prefix + tokens) - 11.9) / seconds)
        return request
    }

    /// Seconds of work: the first time has to find memory. On a device that is slow, once has to do.
    private func fastest(_ request: RecognitionRequest) async throws(RecognitionError) -> Double {
        var fastest = Double.infinity
        for _ in 0..<3 {
            let work = try await recognize(request).work
            fastest = min(fastest, work)
            if work > 1 { break }
        }
        return fastest
    }
}
