import Benchmark
import SoriProtocol

/// The messages that a connection writes and reads most, and those with most in them.
func registerMessages() {
    let words = SpokenUtterance.text.split(separator: " ").prefix(30).map(String.init)
    let partial = ServerMessage.partial(
        .init(
            utterance: 7, stable: words.prefix(24).joined(separator: " "),
            tentative: " " + words.dropFirst(24).joined(separator: " "), start: 61.24))
    let final = ServerMessage.final(
        .init(
            utterance: 7, text: words.joined(separator: " "),
            words: words.enumerated().map { index, word in
                .init(
                    text: word, start: 61.24 + 0.3 * Double(index), end: 61.5 + 0.3 * Double(index),
                    confidence: 0.917)
            },
            start: 61.24, end: 70.84, language: "en", confidence: 0.887))
    let start = ClientMessage.start(
        .init(
            language: "en", policy: .alignatt, audio: AudioFormat(), prompt: "A novel, read aloud.",
            hotwords: ["Dickens", "Manette", "Cruncher"]))
    register("partial", partial)
    register("final-30", final)
    register("start", start)
}

private func register<Message: Codable>(_ name: String, _ message: Message) {
    Benchmark("encode-\(name)") { _ in
        blackHole(try SoriProtocol.encode(message))
    }
    Benchmark("decode-\(name)") { (_, text: String) in
        blackHole(try SoriProtocol.decode(Message.self, from: text))
    } setup: {
        try SoriProtocol.encode(message)
    }
}
