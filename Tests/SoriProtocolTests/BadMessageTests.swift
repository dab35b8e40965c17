import SoriProtocol
import Testing

@Suite struct BadMessageTests {
    private static let object = #"a message must be one JSON object, such as {"type":"start","version":1}"#

    /// What the reader says about a client's message.
    private func complaint(about text: String) throws -> MessageError {
        try #require(throws: MessageError.self) { try SoriProtocol.decode(ClientMessage.self, from: text) }
    }

    @Test(arguments: [
        "", " ", "hello", "null", "[]", "5", "\"start\"", "{", #"{"type":"finish""#, #"{"type":"finish"}{}"#,
        #"{"type":"finish"} x"#, "{'type':'finish'}", #"{"type":"configure","prompt":"\ud83c"}"#,
        "{\"type\":\"configure\",\"prompt\":\"line\nline\"}", #"{"type":"start","version":NaN}"#, "\u{0}",
        "RIFF\u{24}\u{0}WAVEfmt ",
    ])
    func whatIsNoObject(text: String) throws {
        #expect(try complaint(about: text).message == Self.object)
    }

    @Test(arguments: [
        ("{}", "'type' is missing; add it"),
        (#"{"type":null}"#, "'type' must not be null"),
        (#"{"type":5}"#, "'type' must be a text"),
        (#"{"type":"sing"}"#, "'type' must be one of 'start', 'configure', 'flush', 'finish'"),
        (#"{"type":"Start","version":1}"#, "'type' must be one of 'start', 'configure', 'flush', 'finish'"),
        (
            #"{"type":"configure","policy":"fast"}"#,
            "'policy' must be one of 'alignatt', 'local-agreement', 'sliding-window'"
        ),
        (#"{"type":"configure","language":["ko"]}"#, "'language' must be a text"),
        (#"{"type":"configure","languages":"ko"}"#, "'languages' must be a list"),
        (#"{"type":"configure","languages":["ko",5]}"#, "'languages[1]' must be a text"),
        (#"{"type":"configure","hotwords":"Sori"}"#, "'hotwords' must be a list"),
        (#"{"type":"configure","hotwords":{"0":"Sori"}}"#, "'hotwords' must be a list"),
        (#"{"type":"configure","hotwords":["Sori",5]}"#, "'hotwords[1]' must be a text"),
        (#"{"type":"configure","hotwords":[null]}"#, "'hotwords[0]' must not be null"),
    ])
    func aFieldThatIsWrong(text: String, message: String) throws {
        let error = try complaint(about: text)
        #expect(error.message == message)
        #expect(error.code == .badMessage)
    }

    @Test(arguments: [
        ("", "'version' is missing; add it"),
        (#","version":null"#, "'version' must not be null"),
        (#","version":"1""#, "'version' must be a whole number"),
        (#","version":true"#, "'version' must be a whole number"),
        (#","version":1.5"#, "'version' must be a whole number, 0 or more"),
        (#","version":1e400"#, "'version' must be a whole number, 0 or more"),
        (#","version":2,"audio":"as in version 2""#, "'version' must be 1, which this server speaks"),
        (#","version":1,"task":"sing""#, "'task' must be one of 'transcribe', 'translate'"),
        (#","version":1,"corrections":1"#, "'corrections' must be true or false"),
        (#","version":1,"corrections":"yes""#, "'corrections' must be true or false"),
        (#","version":1,"lastFinal":-1"#, "'lastFinal' must be a whole number, 0 or more"),
        (#","version":1,"lastFinal":"3""#, "'lastFinal' must be a whole number"),
        (#","version":1,"gap":"2""#, "'gap' must be a number"),
        (#","version":1,"gap":1e400"#, "'gap' must be a finite number"),
        (#","version":1,"prompt":5"#, "'prompt' must be a text"),
    ])
    func aStartThatIsWrong(fields: String, message: String) throws {
        let error = try complaint(about: #"{"type":"start"\#(fields)}"#)
        #expect(error.message == message)
        #expect(error.code == .badMessage)
    }

    @Test(arguments: [
        ("5", "'audio' must be an object"),
        (#"{"encoding":"mp3"}"#, "'audio.encoding' must be one of 'pcm_s16le', 'pcm_f32le', 'pcm_mulaw'"),
        (#"{"encoding":16}"#, "'audio.encoding' must be a text"),
        (#"{"sampleRate":"16000"}"#, "'audio.sampleRate' must be a whole number"),
        (#"{"sampleRate":16000.5}"#, "'audio.sampleRate' must be a whole number, 0 or more"),
        (#"{"sampleRate":1e400}"#, "'audio.sampleRate' must be a whole number, 0 or more"),
        (#"{"sampleRate":-16000}"#, "'audio.sampleRate' must be a whole number, 0 or more"),
        (#"{"sampleRate":0}"#, "'audio.sampleRate' must be 8000 to 48000 Hz"),
        (#"{"sampleRate":7999}"#, "'audio.sampleRate' must be 8000 to 48000 Hz"),
        (#"{"sampleRate":48001}"#, "'audio.sampleRate' must be 8000 to 48000 Hz"),
        (#"{"channels":0}"#, "'audio.channels' must be 1 to 2"),
        (#"{"channels":6}"#, "'audio.channels' must be 1 to 2"),
    ])
    func soundThatNoServerTakes(audio: String, message: String) throws {
        let error = try complaint(about: #"{"type":"start","version":1,"audio":\#(audio)}"#)
        #expect(error.message == message)
        #expect(error.code == .unsupportedAudio)
    }

    @Test(arguments: [8_000, 11_025, 44_100, 48_000])
    func soundThatEveryServerTakes(sampleRate: Int) throws {
        let text = #"{"type":"start","version":1,"audio":{"sampleRate":\#(sampleRate)}}"#
        let start = ClientMessage.Start(audio: AudioFormat(sampleRate: sampleRate))
        #expect(try SoriProtocol.decode(ClientMessage.self, from: text) == .start(start))
    }

    @Test(arguments: [
        #"{"type":"*"}"#, #"{"type":"start","version":1,"task":"*"}"#,
        #"{"type":"start","version":1,"*":{}, "audio":"*"}"#,
        #"{"type":"start","version":1,"audio":{"encoding":"*"}}"#, #"{"type":"configure","hotwords":["a",{"*":1}]}"#,
        #"{"type":"configure","hotwords":["*"],"policy":"*"}"#, "*", #"{"*"#, #"["*"]"#, #""*""#,
        #"{"type":"start","version":"*"}"#,
    ])
    func whatCameIsNotRepeated(pattern: String) throws {
        let secret = String(repeating: "비밀 ", count: 50_000)
        let text = pattern.split(separator: "*", omittingEmptySubsequences: false).joined(separator: secret)
        let message = try complaint(about: text).message
        #expect(!message.contains("비밀"))
        #expect(message.count < 120)
        #expect(!message.contains("\n"))
    }

    @Test(arguments: [
        (
            #"{"type":"applause"}"#,
            "'type' must be one of 'ready', 'speech', 'partial', 'final', 'translation', 'ack', 'flushed', 'notice', 'error', 'finished'"
        ),
        (#"{"type":"speech","state":"paused","at":0}"#, "'state' must be one of 'started', 'stopped'"),
        (#"{"type":"ready","session":"s","resumeAt":0,"policy":"alignatt"}"#, "'resumeToken' is missing; add it"),
        (#"{"type":"error","code":5,"message":"","fatal":true}"#, "'code' must be a text"),
        (
            #"{"type":"final","utterance":0,"text":"a b","words":[{"text":"a","start":0,"end":1,"confidence":1},{"text":"b"}]}"#,
            "'words[1].start' is missing; add it"
        ),
    ])
    func aServersMessageThatIsWrong(text: String, message: String) throws {
        let error = try #require(throws: MessageError.self) { try SoriProtocol.decode(ServerMessage.self, from: text) }
        #expect(error.message == message)
    }
}
