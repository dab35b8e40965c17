import OBS
import SoriProtocol
import Testing

@Suite("A connection to OBS")
struct OBSLinkTests {
    private let hello = #"{"op":0,"d":{"obsStudioVersion":"30.2.2","obsWebSocketVersion":"5.5.2","rpcVersion":1}}"#
    private let identified = #"{"op":2,"d":{"negotiatedRpcVersion":1}}"#

    private func response(_ id: String, _ code: Int, comment: String? = nil) -> String {
        let comment = comment.map { #","comment":"\#($0)""# } ?? ""
        return
            #"{"op":7,"d":{"requestType":"x","requestId":"\#(id)","requestStatus":{"result":\#(code == 100),"code":\#(code)\#(comment)}}}"#
    }

    private func ready(source: String? = "Captions", sendsCaptions: Bool = false) throws -> OBSLink {
        var link = OBSLink(password: nil, source: source, sendsCaptions: sendsCaptions)
        #expect(try link.receive(hello).reply == #"{"op":1,"d":{"eventSubscriptions":0,"rpcVersion":1}}"#)
        let (reply, remark) = try link.receive(identified)
        #expect(reply == nil && remark == .connected)
        return link
    }

    @Test("a password is proved as obs-websocket wants it")
    func proof() {
        // Computed by obsws-python 1.8.0, which OBS takes.
        let challenge = OBSChallenge(
            challenge: "+IxH4CnCiqpX1rM9scsNynZzbOe4KhDeYcTNS3PDaeY=",
            salt: "lM1GncleQOaCu9lT1yeUZhFYnqhsLLP1G5lAGo3ixaI=")
        #expect(challenge.proof(of: "supersecretpassword") == "1Ct943GAT+6YQUUX47Ia/ncufilbe6+oD6lY+5kaCu4=")
    }

    @Test("where OBS wants a password, it is shown, and missed where there is none")
    func authentication() throws {
        let hello = #"{"op":0,"d":{"rpcVersion":1,"authentication":{"challenge":"c","salt":"s"}}}"#
        var link = OBSLink(password: "p", source: nil, sendsCaptions: true)
        let proof = OBSChallenge(challenge: "c", salt: "s").proof(of: "p")
        #expect(try link.receive(hello).reply?.contains(proof) == true)
        var without = OBSLink(password: nil, source: nil, sendsCaptions: true)
        #expect(throws: OBSError.self) { try without.receive(hello) }
        #expect(throws: OBSError.self) { try without.receive("<html>") }
    }

    @Test("nothing is sent before OBS has let the client in")
    func before() throws {
        var link = OBSLink(password: nil, source: "Captions", sendsCaptions: true)
        #expect(link.update(text: "hello", captions: ["hello"]).isEmpty)
    }

    @Test("of several texts the newest is sent, once the one before is answered")
    func newest() throws {
        var link = try ready()
        let first = link.update(text: "안녕", captions: ["not wanted"])
        #expect(
            first == [
                #"{"op":6,"d":{"requestData":{"inputName":"Captions","inputSettings":{"text":"안녕"},"overlay":true},"#
                    + #""requestId":"1","requestType":"SetInputSettings"}}"#
            ])
        #expect(link.update(text: "안녕하세요", captions: []).isEmpty)
        #expect(link.update(text: "안녕하세요 여러분", captions: []).isEmpty)
        _ = try link.receive(response("1", 100))
        #expect(link.update(text: "안녕하세요 여러분", captions: []).first?.contains("여러분") == true)
        _ = try link.receive(response("2", 100))
        #expect(link.update(text: "안녕하세요 여러분", captions: []).isEmpty)
    }

    @Test("a source that is missing is told once, and again after it was there")
    func missing() throws {
        var link = try ready()
        func answer(_ code: Int, _ number: Int) throws -> OBSLink.Remark? {
            _ = link.update(text: "\(number)", captions: [])
            return try link.receive(response("\(number)", code)).remark
        }
        #expect(try answer(600, 1) == .sourceMissing("Captions"))
        #expect(try answer(600, 2) == nil)
        #expect(try answer(100, 3) == .connected)
        #expect(try answer(600, 4) == .sourceMissing("Captions"))
        #expect(try link.receive(#"{"op":5,"d":{"eventType":"x"}}"#).remark == nil)
    }

    @Test("captions go with the stream, and that it does not run is told once")
    func captions() throws {
        var link = try ready(source: nil, sendsCaptions: true)
        let messages = link.update(text: "shown nowhere", captions: ["One.", "Two."])
        #expect(messages.count == 2 && messages[0].contains(#""captionText":"One.""#))
        #expect(try link.receive(response("1", 501)).remark == .notStreaming)
        #expect(try link.receive(response("2", 501)).remark == nil)
        _ = link.update(text: "", captions: ["Three."])
        #expect(try link.receive(response("3", 100)).remark == .connected)
    }
}

@Suite("What a text source shows")
struct CaptionBoardTests {
    private let start = ContinuousClock.now

    private func partial(_ utterance: Int, _ stable: String, _ tentative: String) -> ServerMessage {
        .partial(.init(utterance: utterance, stable: stable, tentative: tentative, start: 0))
    }

    private func final(_ utterance: Int, _ text: String, in language: String = "ko") -> ServerMessage {
        .final(
            .init(
                utterance: utterance, text: text, words: [], sentences: [], start: 0, end: 1, language: language,
                confidence: 1))
    }

    @Test("the newest lines, broken between words")
    func lines() {
        var settings = CaptionBoard.Settings()
        settings.columns = 20
        var board = CaptionBoard(settings)
        board.take(final(0, "오늘은 새로운 게임을 해 볼게요."), at: start)
        #expect(board.text(at: start) == "오늘은 새로운 게임을\n해 볼게요.")
        board.take(partial(1, "그리고 ", "나서"), at: start)
        #expect(board.text(at: start) == "해 볼게요.\n그리고 나서")
        board.take(final(1, ""), at: start)
        #expect(board.text(at: start) == "오늘은 새로운 게임을\n해 볼게요.")
    }

    @Test("text that may change is left out where that is wanted")
    func tentative() {
        var settings = CaptionBoard.Settings()
        settings.showsTentative = false
        var board = CaptionBoard(settings)
        board.take(partial(0, "안녕", "하세요"), at: start)
        #expect(board.text(at: start) == "안녕")
    }

    @Test("what nobody adds to goes, and does not come back")
    func clearing() {
        var board = CaptionBoard()
        board.take(final(0, "One."), at: start)
        // The same again is nothing new.
        board.take(partial(1, "", ""), at: start + .seconds(5))
        #expect(board.text(at: start + .seconds(7.9)) == "One.")
        #expect(board.text(at: start + .seconds(8)) == "")
        board.take(final(1, "Two."), at: start + .seconds(20))
        #expect(board.text(at: start + .seconds(20)) == "Two.")
    }

    @Test(
        "translations are shown alone, or below what they translate, and what is in English as it is",
        arguments: [
            (.original, "안녕하세요.\nYes.", ["Yes."]), (.translation, "Hello.\nYes.", ["Yes.", "Hello."]),
            (.both, "안녕하세요.\nHello.\nYes.", ["Yes.", "Hello."]),
        ] as [(CaptionBoard.Shown, String, [String])])
    func translations(shown: CaptionBoard.Shown, text: String, captions: [String]) {
        var settings = CaptionBoard.Settings()
        (settings.shown, settings.lines) = (shown, 4)
        var board = CaptionBoard(settings)
        board.take(partial(0, "안녕", "하세요"), at: start)
        #expect(board.text(at: start) == (shown == .translation ? "" : "안녕하세요"))
        board.take(final(0, "안녕하세요."), at: start)
        board.take(final(1, "Yes.", in: "en"), at: start)
        let translation = ServerMessage.translation(.init(utterance: 0, text: "Hello."))
        board.take(translation, at: start)
        board.take(translation, at: start)
        board.take(.translation(.init(utterance: 7, text: "Of nothing that is shown.")), at: start)
        #expect(board.text(at: start) == text && board.takeCaptions() == captions)
        // Utterances of another session have the same numbers.
        board.begin()
        board.take(translation, at: start)
        #expect(board.text(at: start) == text)
    }

    @Test("what was said before anybody read along is not shown, and nothing is after it was emptied")
    func replay() {
        var board = CaptionBoard()
        board.connected(at: start)
        board.take(final(0, "Said long ago."), at: start + .milliseconds(100))
        #expect(board.text(at: start) == "" && board.takeCaptions().isEmpty)
        board.take(final(1, "Now."), at: start + .seconds(1))
        // Where the connection breaks, nothing is left out.
        board.connected(at: start + .seconds(2))
        board.take(final(2, "Then."), at: start + .seconds(2))
        #expect(board.text(at: start + .seconds(2)) == "Now.\nThen." && board.takeCaptions().count == 2)
        board.clear()
        #expect(board.text(at: start + .seconds(2)) == "")
    }

    @Test("only finals in Latin letters go with the stream, each once")
    func streamCaptions() {
        var board = CaptionBoard()
        board.take(partial(0, "Hello", ""), at: start)
        board.take(final(0, "Hello — ça va?"), at: start)
        board.take(final(1, "안녕하세요."), at: start)
        #expect(board.takeCaptions() == ["Hello — ça va?"] && board.unsendable == 1)
        #expect(board.takeCaptions().isEmpty)
    }
}
