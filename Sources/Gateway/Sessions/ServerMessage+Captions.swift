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
            start: caption.range.lowerBound.asSeconds, end: caption.range.upperBound.asSeconds,
            language: caption.language, confidence: caption.confidence)
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
