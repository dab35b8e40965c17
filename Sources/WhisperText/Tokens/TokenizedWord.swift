/// A word together with the tokens that spell it.
public struct TokenizedWord: Sendable, Equatable {
    /// The word with the white space in front of it; empty for a special token.
    public var text: String
    /// The word's tokens, in order.
    public var tokens: [Int]

    /// Creates a word from its parts.
    public init(text: String, tokens: [Int]) {
        self.text = text
        self.tokens = tokens
    }
}

extension Tokenizer {
    /// Splits tokens into words, as OpenAI's `split_to_word_tokens` does; never in the middle of a character.
    ///
    /// A word starts where a token begins with a space; punctuation that stands alone and special tokens are words of
    /// their own. Chinese, Cantonese, Japanese, Thai, Lao and Burmese are written without spaces and are split after every
    /// token that ends with a whole character.
    ///
    /// - Parameters:
    ///   - tokens: tokens of a text, special ones included.
    ///   - language: code of the text's language, such as `ko`.
    public func splitIntoWords(_ tokens: [Int], language: String) -> [TokenizedWord] {
        let pieces = splitAtCharacters(tokens)
        guard !Self.languagesWithoutSpaces.contains(language) else { return pieces }
        var words: [TokenizedWord] = []
        for piece in pieces {
            if let last = words.indices.last, !isSpecial(words[last]), continuesWord(piece) {
                words[last].text += piece.text
                words[last].tokens += piece.tokens
            } else {
                words.append(piece)
            }
        }
        return words
    }

    private static let languagesWithoutSpaces: Set<String> = ["zh", "yue", "ja", "th", "lo", "my"]

    /// The shortest runs of tokens that hold whole characters. What is never completed at the end stays one piece.
    private func splitAtCharacters(_ tokens: [Int]) -> [TokenizedWord] {
        var pieces: [TokenizedWord] = []
        var assembler = TextAssembler()
        var current = TokenizedWord(text: "", tokens: [])
        for token in tokens {
            if isSpecial(token), !current.tokens.isEmpty {
                current.text += assembler.flush()
                pieces.append(current)
                current = TokenizedWord(text: "", tokens: [])
            }
            current.text += assembler.append(bytes(of: token))
            current.tokens.append(token)
            if !assembler.isInsideCharacter {
                pieces.append(current)
                current = TokenizedWord(text: "", tokens: [])
            }
        }
        if !current.tokens.isEmpty {
            current.text += assembler.flush()
            pieces.append(current)
        }
        return pieces
    }

    private func isSpecial(_ piece: TokenizedWord) -> Bool {
        piece.tokens.first.map(isSpecial) ?? false
    }

    private func continuesWord(_ piece: TokenizedWord) -> Bool {
        // Scalars, not characters: a space with a combining mark is still a space.
        !isSpecial(piece) && piece.text.unicodeScalars.first != " " && !isPunctuation(piece.text)
    }

    /// Whether a text, trimmed, is a part of ASCII's punctuation as the code table orders it: nothing at all, one mark,
    /// or neighbours such as `()`. (The original asks whether Python's `string.punctuation` contains it.)
    private func isPunctuation(_ text: String) -> Bool {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return true }
        // Looking for a whole range is dear, and most words begin with a letter.
        return Self.punctuation.contains(scalars[first]) && Self.punctuation.contains(scalars[first...last])
    }

    private static let punctuation = ##"!"#$%&'()*+,-./:;<=>?@[\]^_`{|}~"##.unicodeScalars.map(\.self)
}
