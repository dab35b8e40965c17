import SoriProtocol
import Testing

@Suite struct OptionalFieldTests {
    @Test(arguments: [
        "language", "languages", "task", "policy", "audio", "prompt", "hotwords", "session", "resumeToken", "lastFinal",
        "corrections", "gap", "name",
    ])
    func nullInStartIsLikeAbsent(field: String) throws {
        let text = #"{"type":"start","version":1,"\#(field)":null}"#
        #expect(try SoriProtocol.decode(ClientMessage.self, from: text) == .start(.init()))
    }

    @Test(arguments: ["{}", #"{"encoding":null,"sampleRate":null,"channels":null}"#])
    func soundIs16BitMonoAt16kHzUnlessSaidOtherwise(audio: String) throws {
        let text = #"{"type":"start","version":1,"audio":\#(audio)}"#
        let format = AudioFormat(encoding: .pcmS16LE, sampleRate: 16_000, channels: 1)
        #expect(try SoriProtocol.decode(ClientMessage.self, from: text) == .start(.init(audio: format)))
    }

    @Test(arguments: [
        (#"{"type":"configure"}"#, ClientMessage.Configuration()),
        (#"{"type":"configure","language":null}"#, .init(language: .set(nil))),
        (#"{"type":"configure","languages":null}"#, .init(languages: .set(nil))),
        (#"{"type":"configure","policy":null}"#, .init(policy: .set(nil))),
        (#"{"type":"configure","prompt":null}"#, .init(prompt: .set(nil))),
        (#"{"type":"configure","hotwords":null}"#, .init(hotwords: .set(nil))),
        (#"{"type":"configure","prompt":""}"#, .init(prompt: .set(""))),
        (#"{"type":"configure","hotwords":[]}"#, .init(hotwords: .set([]))),
        (
            #"{"type":"configure","language":"ko","policy":"alignatt"}"#,
            .init(language: .set("ko"), policy: .set(.alignatt))
        ),
    ])
    func configureTellsAbsentFromNull(text: String, configuration: ClientMessage.Configuration) throws {
        let message = ClientMessage.configure(configuration)
        #expect(try SoriProtocol.decode(ClientMessage.self, from: text) == message)
        #expect(try SoriProtocol.decode(ClientMessage.self, from: SoriProtocol.encode(message)) == message)
    }

    @Test(arguments: Examples.client)
    func unknownFieldsOfAClientAreIgnored(message: ClientMessage, text: String) throws {
        #expect(try SoriProtocol.decode(ClientMessage.self, from: widened(text)) == message)
    }

    @Test(arguments: Examples.server)
    func unknownFieldsOfAServerAreIgnored(message: ServerMessage, text: String) throws {
        #expect(try SoriProtocol.decode(ServerMessage.self, from: widened(text)) == message)
    }

    @Test func wholeNumbersMayHaveAPoint() throws {
        let text = #"{"type":"start","version":1.0,"audio":{"sampleRate":4.8e4}}"#
        let start = ClientMessage.Start(audio: AudioFormat(sampleRate: 48_000))
        #expect(try SoriProtocol.decode(ClientMessage.self, from: text) == .start(start))
    }

    @Test func spaceIsIgnored() throws {
        #expect(try SoriProtocol.decode(ClientMessage.self, from: " \n{ \"type\" :\t\"finish\" }\r\n ") == .finish)
    }

    private func widened(_ text: String) -> String {
        #"{"later":{"type":[1e400,null,{}]},"소리":true,"# + text.dropFirst()
    }
}
