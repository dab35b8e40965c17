import Foundation

/// Brings text into a form in which two transcripts that say the same look the same.
///
/// The rule of Whisper's `BasicTextNormalizer`, so that rates compare with published ones: lower case, no bracketed
/// text, NFKC, marks, symbols and punctuation to spaces, single spaces. English text also has its contractions and titles
/// written out, its fillers and diacritics removed and its thousands joined, as `EnglishTextNormalizer` does; the rules
/// of that one for spelled-out numbers and for British spelling are left out.
/// Both are in https://github.com/openai/whisper/tree/main/whisper/normalizers.
package struct TextNormalizer: Sendable {
    private let isEnglish: Bool

    /// Creates a normaliser for a language's code, such as `ko`.
    package init(language: String) {
        isEnglish = language == "en"
    }

    /// The words of a text in lower case.
    package func words(in text: String) -> [String] {
        let spoken = text.lowercased()
            .removing(from: ["<", "["], to: [">", "]"])
            .removing(from: ["("], to: [")"])
        if isEnglish { return EnglishWords.words(in: spoken) }

        // Foundation's NFKC leaves half-width katakana apart from their voicing marks; NFC after it joins them.
        let composed = spoken.precomposedStringWithCompatibilityMapping.precomposedStringWithCanonicalMapping
        return composed.unicodeScalars.map { $0.isText ? $0 : " " }.words.map { $0.lowercased() }
    }

    /// The words of a text in lower case with single spaces between them.
    package func normalize(_ text: String) -> String {
        words(in: text).joined(separator: " ")
    }
}

extension String {
    /// The text without what stands between an opening and the next closing scalar, both included.
    fileprivate func removing(from opening: Set<Unicode.Scalar>, to closing: Set<Unicode.Scalar>) -> String {
        var rest = unicodeScalars[...]
        var result = String.UnicodeScalarView()
        while let open = rest.firstIndex(where: opening.contains),
            let close = rest[open...].firstIndex(where: closing.contains)
        {
            result.append(contentsOf: rest[..<open])
            rest = rest[rest.index(after: close)...]
        }
        result.append(contentsOf: rest)
        return String(result)
    }
}

extension [Unicode.Scalar] {
    /// The stretches between white space.
    var words: [String] {
        split(whereSeparator: \.properties.isWhitespace).map { String(String.UnicodeScalarView($0)) }
    }
}

extension Unicode.Scalar {
    /// Whether this is neither a mark nor a symbol nor punctuation, nor the joiner that emoji leave behind.
    var isText: Bool {
        switch properties.generalCategory {
        case .format: self != "\u{200d}"
        case .nonspacingMark, .spacingMark, .enclosingMark,
            .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol,
            .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation:
            false
        default:
            true
        }
    }
}
