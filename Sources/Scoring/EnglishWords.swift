import Foundation

/// Writes English out in full: "Mr. Wu won't, um, pay £1,000" says "mister wu will not pay 1000".
enum EnglishWords {
    /// The words of a lower-case text.
    static func words(in text: String) -> [String] {
        let written = separated(folded(text)).words
        return written.enumerated().flatMap { index, word in
            spoken(word, before: index + 1 < written.count ? written[index + 1] : nil)
        }
    }

    /// Letters without diacritics, one kind of apostrophe.
    private static func folded(_ text: String) -> [Unicode.Scalar] {
        text.decomposedStringWithCompatibilityMapping.unicodeScalars.flatMap { scalar -> [Unicode.Scalar] in
            if scalar.properties.generalCategory == .nonspacingMark { return [] }
            return letters[scalar].map { Array($0.unicodeScalars) } ?? [scalar]
        }
    }

    /// Spaces for everything but words, numbers and apostrophes; thousands joined, decimal points kept.
    private static func separated(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
        scalars.indices.compactMap { index in
            let scalar = scalars[index]
            if scalar == "," || scalar == ".", index > 0, index + 1 < scalars.count,
                scalars[index - 1].isDigit, scalars[index + 1].isDigit
            {
                return scalar == "," ? nil : scalar
            }
            return scalar.isText || scalar == "'" ? scalar : " "
        }
    }

    /// What is said for a written word, given the word after it.
    private static func spoken(_ word: String, before next: String?) -> [String] {
        if fillers.contains(word) { return [] }
        if let words = spelledOut[word] { return words }
        for (ending, meaning) in endings where word.hasSuffix(ending) {
            let stem = spoken(String(word.dropLast(ending.count)), before: nil)
            switch (ending, next) {
            case ("'s", "been"), ("'s", "gone"), ("'s", "got"): return stem + ["has"]
            case ("'d", "been"), ("'d", "gone"), ("'d", "done"): return stem + ["had"]
            default: return stem + [meaning]
            }
        }
        return word.split(separator: "'").map(String.init)
    }

    private static let fillers: Set<String> = ["hm", "hmm", "mhm", "mm", "mmm", "uh", "um"]

    private static let endings = [
        ("n't", "not"), ("'t", "not"), ("'re", "are"), ("'s", "is"), ("'d", "would"), ("'ll", "will"), ("'ve", "have"),
        ("'m", "am"),
    ]

    private static let spelledOut = [
        "ain't": "aint", "can't": "can not", "coulda": "could have", "gonna": "going to", "gotta": "got to",
        "i'ma": "i am going to", "imma": "i am going to", "let's": "let us", "ma'am": "madam",
        "shoulda": "should have", "wanna": "want to", "won't": "will not", "woulda": "would have", "y'all": "you all",
        "ald": "alderman", "assoc": "associate", "asst": "assistant", "capt": "captain", "col": "colonel",
        "dr": "doctor", "esq": "esquire", "gen": "general", "gov": "governor", "hon": "honorable", "jr": "junior",
        "lt": "lieutenant", "mr": "mister", "mrs": "missus", "pres": "president", "prof": "professor",
        "rep": "representative", "rev": "reverend", "sen": "senator", "sr": "senior", "st": "saint",
    ].mapValues { $0.split(separator: " ").map(String.init) }

    /// Letters that compatibility decomposition leaves whole, and apostrophes.
    private static let letters: [Unicode.Scalar: String] = [
        "æ": "ae", "ð": "d", "đ": "d", "ł": "l", "ø": "o", "œ": "oe", "ß": "ss", "þ": "th", "’": "'", "‘": "'",
    ]
}

extension Unicode.Scalar {
    fileprivate var isDigit: Bool { properties.generalCategory == .decimalNumber }
}
