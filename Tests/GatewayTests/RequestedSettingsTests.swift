import Gateway
import SoriProtocol
import SoriTesting
import Streaming
import Testing
import WhisperText

@Suite("What clients ask for")
struct RequestedSettingsTests {
    private var standard: CaptionSettings {
        var settings = CaptionSettings()
        (settings.language, settings.languages) = ("ja", ["ja", "ko"])
        settings.policy = .localAgreement
        return settings
    }

    private func requests(_ tokenizer: Tokenizer = .bytes) -> RequestedSettings {
        RequestedSettings(standard: standard, limits: SessionLimits(), tokenizer: tokenizer)
    }

    /// What a field becomes, in `start` and in `configure`.
    private func both<Value: Equatable>(
        _ change: ClientMessage.Configuration, _ start: ClientMessage.Start, _ value: KeyPath<CaptionSettings, Value>
    ) throws -> Value {
        let requests = requests()
        let fresh = try requests.settings(for: start)[keyPath: value]
        let changed = try requests.changed(try requests.settings(for: .init(language: "en")), by: change)
        #expect(changed[keyPath: value] == fresh)
        return fresh
    }

    @Test(
        "a language is taken as the command line takes it, at any time",
        arguments: [
            ("ko", "ko"), ("KO", "ko"), ("ko-KR", "ko"), ("ko_KR", "ko"), ("Korean", "ko"), ("한국어", "ko"),
            ("zh-Hant-TW", "zh"), ("pt_BR", "pt"), ("auto", nil), ("AUTO", nil), ("", nil), (" ", nil),
        ] as [(String, String?)])
    func language(text: String, code: String?) throws {
        let language = try both(.init(language: .set(text)), .init(language: text), \.language)
        #expect(language == code)
    }

    @Test(
        "what cannot be taken is refused by its name, and nothing of it is shown",
        arguments: [
            ("language", ClientMessage.Start(language: "klingon")), ("language", .init(language: "xx")),
            ("language", .init(language: "yue")), ("languages[1]", .init(languages: ["ko", "klingon"])),
            ("languages[0]", .init(languages: ["auto"])), ("languages[0]", .init(languages: [""])),
            ("languages", .init(languages: Array(repeating: "ko", count: 101))),
            ("prompt", .init(prompt: String(repeating: "klingon", count: 300))),
            ("prompt", .init(prompt: "k" + String(repeating: "\u{301}", count: 2000))),
            ("hotwords", .init(hotwords: [String](repeating: "", count: 170_000))),
            ("hotwords", .init(hotwords: [String](repeating: "klingon words", count: 190))),
        ])
    func refused(field: String, start: ClientMessage.Start) throws {
        let requests = requests()
        let fault = try #require(throws: RequestedSettings.Fault.self) { try requests.settings(for: start) }
        #expect(fault.message.contains("'\(field)'"))
        #expect(!fault.message.contains("klingon") && !fault.message.contains("\n") && fault.message.count < 120)
        let change = ClientMessage.Configuration(
            language: start.language.map { .set($0) } ?? .keep, languages: start.languages.map { .set($0) } ?? .keep,
            prompt: start.prompt.map { .set($0) } ?? .keep, hotwords: start.hotwords.map { .set($0) } ?? .keep)
        #expect(throws: fault) { try requests.changed(CaptionSettings(), by: change) }
    }

    @Test("what was there before counts for the bound")
    func together() throws {
        let requests = requests()
        let settings = try requests.settings(for: .init(hotwords: [String(repeating: "a", count: 1500)]))
        #expect(throws: RequestedSettings.Fault.self) {
            try requests.changed(settings, by: .init(prompt: .set(String(repeating: "b", count: 600))))
        }
        let shorter = ClientMessage.Configuration(prompt: .set(String(repeating: "b", count: 600)), hotwords: .set([]))
        #expect(try requests.changed(settings, by: shorter).hotwords == [])
    }

    @Test("null brings back the server's default, and absent keeps what is there")
    func defaults() throws {
        let requests = requests()
        let start = ClientMessage.Start(
            language: "en", languages: ["en"], policy: .alignatt, prompt: "tea", hotwords: ["matcha"])
        let settings = try requests.settings(for: start)
        #expect(settings.language == "en" && settings.languages == ["en"] && settings.policy == .alignAtt)
        #expect(try requests.changed(settings, by: .init()) == settings)
        let back = try requests.changed(
            settings,
            by: .init(
                language: .set(nil), languages: .set(nil), policy: .set(nil), prompt: .set(nil), hotwords: .set(nil)))
        #expect(back == standard)
        #expect(try requests.settings(for: .init()) == standard)
    }

    @Test("languages come once each, and none means any")
    func languages() throws {
        let list = ["ko-KR", "Korean", "en"]
        #expect(try both(.init(languages: .set(list)), .init(languages: list), \.languages) == ["ko", "en"])
        #expect(try both(.init(languages: .set([])), .init(languages: []), \.languages) == [])
    }

    @Test("a model that knows English only takes English only")
    func englishOnly() throws {
        let requests = requests(.englishBytes)
        #expect(try requests.settings(for: .init(language: "en-GB")).language == "en")
        #expect(throws: RequestedSettings.Fault.self) { try requests.settings(for: .init(language: "ko")) }
        #expect(throws: RequestedSettings.Fault.self) { try requests.settings(for: .init(task: .translate)) }
        #expect(throws: RequestedSettings.Fault.self) { try requests.settings(for: .init(translate: true)) }
        #expect(try !requests.settings(for: .init(translate: false)).translates)
    }

    @Test("translations are switched on at any time, but not where all text is English")
    func translations() throws {
        #expect(try both(.init(translate: .set(true)), .init(translate: true), \.translates))
        #expect(try !both(.init(translate: .set(nil)), .init(), \.translates))
        let requests = requests()
        let english = try requests.settings(for: .init(task: .translate))
        #expect(throws: RequestedSettings.Fault.self) {
            try requests.changed(english, by: .init(translate: .set(true)))
        }
        #expect(throws: RequestedSettings.Fault.self) {
            try requests.settings(for: .init(task: .translate, translate: true))
        }
    }
}
