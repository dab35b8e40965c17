extension TokenTable {
    /// The tokens that write symbols, speaker tags and musical notes, in order of id.
    ///
    /// The rule of `non_speech_tokens` in https://github.com/openai/whisper/blob/main/whisper/tokenizer.py:
    /// symbols that are a single token, alone or after a space; hyphen and apostrophe only at the start of a word,
    /// since within one they are needed.
    var nonSpeechTokens: [Int] {
        var tokens: Set<Int> = []
        for start in [" -", " '"] {
            tokens.formUnion(encode(start).prefix(1))
        }
        for symbol in Self.symbols {
            for spelling in [encode(symbol), encode(" " + symbol)] where spelling.count == 1 {
                tokens.formUnion(spelling)
            }
        }
        // Notes can take several tokens. The first of them begins nothing but U+2640...U+267F: symbols, all of them.
        for note in Self.notes {
            tokens.formUnion(encode(note).prefix(1))
            tokens.formUnion(encode(" " + note).prefix(1))
        }
        return tokens.sorted()
    }

    private static let symbols =
        ##""#()*+/:;<=>@[\]^_`{|}~「」『』"##.map(String.init)
        + #"<< >> <<< >>> -- --- -( -[ (' (" (( )) ((( ))) [[ ]] {{ }} ♪♪ ♪♪♪"#.split(separator: " ").map(String.init)

    private static let notes = "♩♪♫♬♭♮♯".map(String.init)
}
