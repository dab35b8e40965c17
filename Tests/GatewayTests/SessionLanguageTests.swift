import Gateway
import SoriProtocol
import SoriTesting
import Streaming
import Testing
import WhisperText

@Suite("The language of a server's session", .timeLimit(.minutes(1)))
struct SessionLanguageTests {
    @Test("a language that is heard is told once, and after a broken connection too")
    func detected() async throws {
        try await ScriptedSession.with(.init(languages: ["ko-KR", "en"], gap: 0)) { session in
            #expect(session.session.read(\.language) == nil)
            try session.send(5)
            session.session.flush()
            let told = await session.all(until: .flushed)
            let notices = told.compactMap { if case .notice(let notice) = $0 { notice } else { nil } }
            #expect(notices.map(\.code) == [.languageDetected] && notices.map(\.language) == ["ko"])
            #expect(session.session.read(\.language) == "ko")
            #expect(session.recognizer.options.allSatisfy { $0.languages == ["ko", "en"] })
        }
    }

    @Test("what cannot be configured changes nothing")
    func refused() async throws {
        try await ScriptedSession.with(.init(language: "en", policy: .localAgreement, gap: 0)) { session in
            let live = session.session
            #expect(throws: RequestFailure.self) {
                try live.configure(.init(language: .set("klingon"), policy: .set(.alignatt)))
            }
            #expect(live.read(\.language) == "en" && live.read(\.policy) == .localAgreement)
            try live.configure(.init(language: .set("ja-JP"), policy: .set(.alignatt)))
            #expect(live.read(\.language) == "ja" && live.read(\.policy) == .alignatt)
            try session.send(1.5)
            session.session.flush()
            _ = await session.next(.flushed)
            #expect(session.recognizer.options.allSatisfy { $0.language == "ja" })
            try live.configure(.init(language: .set(nil)))
            #expect(live.read(\.language) == nil)
        }
    }

    @Test("words for which there is no room are told, at the start and when they change")
    func cut() async throws {
        let many = (0..<60).map { "hotword\($0)" }
        try await ScriptedSession.with(.init(hotwords: many, gap: 0)) { session in
            guard case .notice(let notice) = await session.next(.notice) else { return }
            #expect(notice.code == .promptCut && notice.message.contains("of 60 hotwords"), "\(notice.message)")
            try session.session.configure(.init(hotwords: .set(["Sori"])))
            try session.session.configure(.init(prompt: .set(String(repeating: "tea ", count: 100))))
            guard case .notice(let second) = await session.next(.notice) else { return }
            #expect(second.code == .promptCut && second.message.contains("of the prompt"), "\(second.message)")
        }
    }
}
