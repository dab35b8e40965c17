/// Hotwords and prompt as the tokens that precede every window: as many as a model has room for.
///
/// Half of the text's positions are for what went before. Hotwords come first; what finds no room does nothing.
package struct FixedWords: Sendable, Equatable {
    /// The most tokens that precede a text.
    package static let room = 223

    /// The tokens that the model gets.
    package let tokens: [Int]
    /// One line that says what does nothing; `nil` when all has found room.
    package let remark: String?

    package init(hotwords: String?, prompt: String?, tokenizer: Tokenizer) {
        func encode(_ text: String?) -> [Int] { text.map { tokenizer.encode(" " + $0.trimmingWhitespace) } ?? [] }
        let (names, style) = (encode(hotwords), encode(prompt))
        tokens = Array((names + style).prefix(Self.room))
        guard names.count + style.count > Self.room else {
            remark = nil
            return
        }
        var parts: [String] = []
        if names.count > Self.room, let hotwords {
            let kept = tokenizer.decode(tokens)
            let terms = hotwords.split(separator: ",")
            parts.append(
                terms.count > 1
                    ? "the first \(kept.split(separator: ",").count - 1) of \(terms.count) hotwords"
                    : "the first \(kept.count) of \(hotwords.count) characters of the hotwords")
        }
        if !style.isEmpty, let prompt {
            let kept = tokenizer.decode(tokens.dropFirst(names.count)).trimmingWhitespace
            parts.append(
                kept.isEmpty
                    ? "none of the prompt" : "the first \(kept.count) of \(prompt.count) characters of the prompt")
        }
        remark = "the model has room for only \(parts.joined(separator: " and ")); shorten them"
    }
}

extension DecodingOptions {
    /// One line that says which hotwords, and what of the prompt, a model has no room for; `nil` when it has room for all.
    public func cutWords(for tokenizer: Tokenizer) -> String? {
        FixedWords(hotwords: hotwords, prompt: prompt, tokenizer: tokenizer).remark
    }
}
