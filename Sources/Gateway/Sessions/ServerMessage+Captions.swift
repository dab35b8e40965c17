package import SoriProtocol
package import Streaming
internal import WhisperText

extension ServerMessage.Partial {
    /// A caption as it is on the wire.
    ///
    /// - Parameters:
    ///   - utterance: its number.
    ///   - start: its first sample.
    package init(_ caption: Caption, of utterance: Int, start: Int) {
        self.init(
            utterance: utterance, stable: caption.stable, tentative: caption.tentative, start: start.asSeconds)
    }
}

extension ServerMessage.Final {
    /// A final as it is on the wire.
    package init(_ caption: FinalCaption) {
        self.init(
            utterance: caption.utterance, text: caption.text,
            words: caption.words.map {
                Word(
                    text: $0.text.filter { !$0.isWhitespace }, start: $0.start, end: $0.end,
                    confidence: Double($0.probability))
            },
            sentences: Self.sentences(of: caption),
            start: caption.range.lowerBound.asSeconds, end: caption.range.upperBound.asSeconds,
            language: caption.language, confidence: caption.confidence)
    }

    private static func sentences(of caption: FinalCaption) -> [Sentence] {
        guard !caption.text.isEmpty else { return [] }
        let sentences = SentenceSplitter(language: caption.language).split(caption.words).compactMap { words in
            words.first.flatMap { first in
                words.last.map { last in
                    let text = words.map(\.text).joined().trimmingWhitespace
                    return Sentence(text: text, start: first.start, end: last.end)
                }
            }
        }
        // Where the words are not those of the text, nothing is known of its sentences.
        guard caption.words.map(\.text).joined().trimmingWhitespace == caption.text else {
            let (start, end) = (caption.range.lowerBound.asSeconds, caption.range.upperBound.asSeconds)
            return [Sentence(text: caption.text, start: start, end: end)]
        }
        return sentences.filter { !$0.text.isEmpty }
    }
}

extension CaptionSettings.Policy {
    /// The policy as it is on the wire.
    package var onWire: ClientMessage.Policy {
        switch self {
        case .alignAtt: .alignatt
        case .localAgreement: .localAgreement
        case .slidingWindow: .slidingWindow
        }
    }

    package init(_ policy: ClientMessage.Policy) {
        self =
            switch policy {
            case .alignatt: .alignAtt
            case .localAgreement: .localAgreement
            case .slidingWindow: .slidingWindow
            }
    }
}

extension HallucinationGuard.Reason {
    /// The reason in words for people.
    var explanation: String {
        switch self {
        case .doubtful: "the recogniser is not sure of any of it"
        case .repetition: "it repeats itself more often than can be heard"
        case .tooFast: "nobody says so many words in that time"
        case .silencePhrase: "it is what is written over silence and noise"
        case .noSpeech: "it is doubtful that anybody spoke"
        case .given: "it is what was given as prompt or hotwords, and nothing else speaks for it"
        case .unheard: "most of its words cannot be heard"
        case .empty: "there is no text"
        }
    }
}
