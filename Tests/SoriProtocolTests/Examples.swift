import SoriProtocol

/// Every message in its shortest and its fullest form, and what it is on the wire.
enum Examples {
    static let client: [(message: ClientMessage, text: String)] = [
        (.start(.init()), #"{"type":"start","version":1}"#),
        (
            .start(
                .init(
                    language: "ko", languages: ["ko", "en"], task: .translate, translate: false,
                    policy: .localAgreement,
                    audio: AudioFormat(encoding: .pcmMuLaw, sampleRate: 8_000, channels: 2), prompt: "소리 방송",
                    hotwords: ["소리", "Sori"], session: "s1", resumeToken: "secret", lastFinal: 0, corrections: false,
                    gap: 1.5, name: "haneul")),
            """
            {"audio":{"channels":2,"encoding":"pcm_mulaw","sampleRate":8000},"corrections":false,\
            "gap":1.5,"hotwords":["소리","Sori"],"language":"ko","languages":["ko","en"],"lastFinal":0,"name":"haneul",\
            "policy":"local-agreement","prompt":"소리 방송","resumeToken":"secret","session":"s1","task":"translate","translate":false,"type":"start","version":1}
            """
        ),
        (.configure(.init()), #"{"type":"configure"}"#),
        (
            .configure(
                .init(
                    language: .set("ja"), languages: .set([]), translate: .set(true), policy: .set(.slidingWindow),
                    prompt: .set(nil),
                    hotwords: .set(["響き"]))),
            """
            {"hotwords":["響き"],"language":"ja","languages":[],"policy":"sliding-window","prompt":null,\
            "translate":true,"type":"configure"}
            """
        ),
        (.flush, #"{"type":"flush"}"#),
        (.finish, #"{"type":"finish"}"#),
    ]

    static let server: [(message: ServerMessage, text: String)] = [
        (
            .ready(.init(session: "s1", resumeToken: "secret", resumeAt: 48_000, policy: .alignatt)),
            #"{"policy":"alignatt","resumeAt":48000,"resumeToken":"secret","session":"s1","type":"ready"}"#
        ),
        (
            .ready(
                .init(
                    session: "haneul.s1", name: "haneul", resumeToken: "secret", resumeAt: 0, policy: .alignatt,
                    language: "ko")),
            """
            {"language":"ko","name":"haneul","policy":"alignatt","resumeAt":0,"resumeToken":"secret","session":"haneul.s1",\
            "type":"ready"}
            """
        ),
        (.speech(.init(state: .started, at: 1.2)), #"{"at":1.2,"state":"started","type":"speech"}"#),
        (.speech(.init(state: .stopped, at: 3)), #"{"at":3,"state":"stopped","type":"speech"}"#),
        (
            .partial(.init(utterance: 0, stable: "안녕", tentative: "하세요 🎤", start: 1.2)),
            #"{"stable":"안녕","start":1.2,"tentative":"하세요 🎤","type":"partial","utterance":0}"#
        ),
        (
            .final(
                .init(
                    utterance: 0, text: "안녕", words: [.init(text: "안녕", start: 1.2, end: 1.7, confidence: 0.9)],
                    sentences: [.init(text: "안녕", start: 1.2, end: 1.7)], start: 1.2, end: 1.7, language: "ko",
                    confidence: 0.875)),
            """
            {"confidence":0.875,"end":1.7,"language":"ko","sentences":[{"end":1.7,"start":1.2,"text":"안녕"}],\
            "start":1.2,"text":"안녕","type":"final","utterance":0,\
            "words":[{"confidence":0.9,"end":1.7,"start":1.2,"text":"안녕"}]}
            """
        ),
        (
            .final(.init(utterance: 1, text: "", words: [], start: 2, end: 2, language: "ko", confidence: 0)),
            """
            {"confidence":0,"end":2,"language":"ko","sentences":[],"start":2,"text":"","type":"final","utterance":1,\
            "words":[]}
            """
        ),
        (
            .translation(.init(utterance: 0, text: "Hello")),
            #"{"language":"en","text":"Hello","type":"translation","utterance":0}"#
        ),
        (.ack(.init(samples: 0)), #"{"samples":0,"type":"ack"}"#),
        (
            .flushed(.init(samples: 48_000, reason: .asked)),
            #"{"reason":"asked","samples":48000,"type":"flushed"}"#
        ),
        (.flushed(.init(samples: 0, reason: .gap)), #"{"reason":"gap","samples":0,"type":"flushed"}"#),
        (
            .notice(.init(code: .captionsDelayed, message: "captions come 2 s late")),
            #"{"code":"captions_delayed","message":"captions come 2 s late","type":"notice"}"#
        ),
        (
            .notice(.init(code: .languageDetected, message: "Korean is spoken", language: "ko")),
            #"{"code":"language_detected","language":"ko","message":"Korean is spoken","type":"notice"}"#
        ),
        (
            .notice(.init(code: .textDropped, message: "taken back", utterance: 3, reason: "no_speech")),
            #"{"code":"text_dropped","message":"taken back","reason":"no_speech","type":"notice","utterance":3}"#
        ),
        (
            .error(.init(code: .badMessage, message: "'type' is missing; add it", fatal: false)),
            #"{"code":"bad_message","fatal":false,"message":"'type' is missing; add it","type":"error"}"#
        ),
        (
            .error(.init(code: .tooManySessions, message: "try again", fatal: true, retryAfter: 2.5)),
            #"{"code":"too_many_sessions","fatal":true,"message":"try again","retryAfter":2.5,"type":"error"}"#
        ),
        (.finished(.init(samples: 704_000)), #"{"samples":704000,"type":"finished"}"#),
    ]
}
