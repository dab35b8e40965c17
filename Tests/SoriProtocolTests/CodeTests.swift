import SoriProtocol
import Testing

@Suite struct CodeTests {
    @Test(arguments: [
        (ErrorCode.unauthorized, "unauthorized", UInt16(1008)), (.originNotAllowed, "origin_not_allowed", 1008),
        (.tooManySessions, "too_many_sessions", 1013), (.badStart, "bad_start", 1007),
        (.badMessage, "bad_message", 1007),
        (.unsupportedAudio, "unsupported_audio", 1007), (.messageTooLarge, "message_too_large", 1009),
        (.audioTooFast, "audio_too_fast", 1008), (.idleTimeout, "idle_timeout", 1008),
        (.sessionNotFound, "session_not_found", 1008), (.noWorkerReady, "no_worker_ready", 1013),
        (.shuttingDown, "shutting_down", 1001), (.internalError, "internal", 1011),
    ])
    func errors(code: ErrorCode, name: String, closeStatus: UInt16) {
        #expect(code.rawValue == name)
        #expect("\(code)" == name)
        #expect(code.closeStatus == closeStatus)
        #expect(ErrorCode.all.contains(code))
    }

    @Test func noErrorIsLeftOut() {
        #expect(ErrorCode.all.count == 13)
        #expect(Set(ErrorCode.all).count == 13)
    }

    @Test func anUnknownErrorIsLikeAnInternalOne() throws {
        let text = #"{"type":"error","code":"teapot","message":"no coffee here","fatal":true}"#
        let message = try SoriProtocol.decode(ServerMessage.self, from: text)
        let code = ErrorCode(rawValue: "teapot")
        #expect(message == .error(.init(code: code, message: "no coffee here", fatal: true)))
        #expect(code.closeStatus == ErrorCode.internalError.closeStatus)
    }

    @Test(arguments: [
        (NoticeCode.captionsDelayed, "captions_delayed"), (.captionsOnTime, "captions_on_time"),
        (.recognizerUnavailable, "recognizer_unavailable"), (.recognizerAvailable, "recognizer_available"),
        (.badSamples, "bad_samples"),
        (.languageDetected, "language_detected"), (.promptCut, "prompt_cut"),
        (.channelsCancel, "channels_cancel"), (.storeUnavailable, "store_unavailable"),
        (.storeAvailable, "store_available"), (.detectorUnavailable, "detector_unavailable"),
    ])
    func notices(code: NoticeCode, name: String) {
        #expect(code.rawValue == name)
        #expect("\(code)" == name)
        #expect(NoticeCode.all.contains(code) && NoticeCode.all.count == 12)
    }

    @Test func anUnknownNoticeIsKept() throws {
        let text = #"{"type":"notice","code":"encore","message":"again"}"#
        let notice = ServerMessage.Notice(code: NoticeCode(rawValue: "encore"), message: "again")
        #expect(try SoriProtocol.decode(ServerMessage.self, from: text) == .notice(notice))
    }
}
