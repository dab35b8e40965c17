import SoriProtocol
import Testing

@Suite struct NumberTests {
    @Test(arguments: [
        (1.2000000000000002, "1.2"), (0.1 + 0.2, "0.3"), (2.9999999, "3"), (0.0004, "0"), (0.0005, "0.001"),
        (3723.4567, "3723.457"),
        (86_400 * 365 + 0.001, "31536000.001"),
    ])
    func secondsHaveMilliseconds(seconds: Double, written: String) throws {
        let text = try SoriProtocol.encode(ServerMessage.speech(.init(state: .started, at: seconds)))
        #expect(text == #"{"at":\#(written),"state":"started","type":"speech"}"#)
    }

    @Test func everySecondAndProbabilityIsRounded() throws {
        let ugly = 0.1 + 0.2
        let word = ServerMessage.Final.Word(text: "a", start: ugly, end: ugly, confidence: ugly)
        let messages: [ServerMessage] = [
            .partial(.init(utterance: 0, stable: "", tentative: "", start: ugly)),
            .final(
                .init(utterance: 0, text: "a", words: [word], start: ugly, end: ugly, language: "en", confidence: ugly)),
            .error(.init(code: .noWorkerReady, message: "", fatal: true, retryAfter: ugly)),
        ]
        for message in messages {
            let text = try SoriProtocol.encode(message)
            #expect(text.contains(":0.3") && !text.contains("0.30000"), "\(text)")
        }
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func whatIsNoNumberIsNotSent(seconds: Double) {
        #expect(throws: EncodingError.self) {
            try SoriProtocol.encode(ServerMessage.speech(.init(state: .started, at: seconds)))
        }
    }

    @Test func aYearOfSamplesIsExact() throws {
        let samples = 48_000 * 86_400 * 365 + 1
        let text = try SoriProtocol.encode(ServerMessage.ack(.init(samples: samples)))
        #expect(text == #"{"samples":\#(samples),"type":"ack"}"#)
        #expect(try SoriProtocol.decode(ServerMessage.self, from: text) == .ack(.init(samples: samples)))
    }

    @Test(arguments: ["1e400", "-1e400", "9223372036854775808", "1.5", "-1"])
    func aNumberOfSamplesIsAWholeNumber(number: String) {
        let text = #"{"type":"ack","samples":\#(number)}"#
        #expect {
            try SoriProtocol.decode(ServerMessage.self, from: text)
        } throws: {
            "\($0)" == "'samples' must be a whole number, 0 or more"
        }
    }

    @Test func secondsThatDoNotFitAreNamed() {
        let text = #"{"type":"speech","state":"started","at":1e400}"#
        #expect {
            try SoriProtocol.decode(ServerMessage.self, from: text)
        } throws: {
            "\($0)" == "'at' must be a finite number"
        }
    }
}
