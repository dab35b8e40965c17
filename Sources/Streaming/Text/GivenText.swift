package import WhisperText

/// What the recogniser was told beside the sound: the user's prompt and hotwords. Where nobody speaks, a model likes to write
/// what it was told.
package struct GivenText: Sendable, Equatable {
    /// The shortest run of letters that counts as taken from it: a letter of Hangul, kana or Han counts twice.
    private static let shortestRun = 4

    /// Lower case letters and digits of each.
    private let texts: [[Character]]
    /// Letters of all of it, in the order in which the recogniser gets it: hotwords, then the prompt.
    private let all: [Character]
    /// Letters of the first hotword; `nil` without one.
    private let firstHotword: Int?

    package init(prompt: String? = nil, hotwords: [String] = []) {
        let hotwords = hotwords.map(\.letters).filter { !$0.isEmpty }
        let prompt = prompt?.letters ?? []
        texts = (prompt.isEmpty ? [] : [prompt]) + hotwords
        all = hotwords.flatMap(\.self) + prompt
        firstHotword = hotwords.first?.count
    }

    /// What the options give, with commas between hotwords.
    package init(_ options: DecodingOptions) {
        let hotwords = options.hotwords?.split(separator: ",").map { String($0) } ?? []
        self.init(prompt: options.prompt, hotwords: hotwords)
    }

    package var isEmpty: Bool { texts.isEmpty }

    /// The share of a text's letters, 0...1, that stand in what was given, in runs of two syllables or more.
    package func share(of text: String) -> Double {
        let letters = text.letters
        guard !letters.isEmpty, !texts.isEmpty else { return 0 }
        var (position, taken) = (0, 0)
        while position < letters.count {
            let run = texts.map { longestRun(of: letters[position...], in: $0) }.max() ?? 0
            let weight = letters[position..<position + run].reduce(0) { $0 + ($1.isDense ? 2 : 1) }
            // A whole word that was given may be shorter.
            let isWhole = texts.contains { $0.elementsEqual(letters[position..<position + run]) }
            if run > 0, weight >= Self.shortestRun || isWhole {
                taken += run
                position += run
            } else {
                position += 1
            }
        }
        return Double(taken) / Double(letters.count)
    }

    /// Whether a text is the list of hotwords as it was given, the second one or the prompt behind the first: nobody says that.
    package func isRecited(by text: String) -> Bool {
        let letters = text.letters
        guard let firstHotword, letters.count > firstHotword else { return false }
        return all.starts(with: letters)
    }

    /// How much of the start of some letters stands in others, in one piece.
    private func longestRun(of letters: ArraySlice<Character>, in given: [Character]) -> Int {
        given.indices.reduce(0) { best, start in
            max(best, zip(letters, given[start...]).prefix { $0 == $1 }.count)
        }
    }
}
