import Testing
import WhisperText

/// Against what the reference tokenizer wrote; see `scripts/reference`.
///
/// The `tokenizer.json` that comes with multilingual models lacks the first merge, `Ġ t`, which OpenAI's own tokenizer
/// and thus the model's training has; the reference puts it back.
@Suite("Tokenizer and reference", .enabled(if: ReferenceMaterial.shared != nil))
struct TokenReferenceTests {
    private let facts: TokenFacts
    private let tokenizer: Tokenizer

    init() throws {
        let material = try #require(ReferenceMaterial.shared)
        facts = material.facts
        tokenizer = material.tokenizer
    }

    @Test("encode alike")
    func encoding() {
        #expect(facts.strings.count { $0.text != nil } >= 2_000)
        for fact in facts.strings {
            guard let text = fact.text else { continue }
            #expect(tokenizer.encode(text) == fact.tokens, "\(text.debugDescription)")
        }
    }

    @Test("decode alike")
    func decoding() {
        for fact in facts.strings {
            #expect(Array(tokenizer.decode(fact.tokens).utf8) == Array(fact.decoded.utf8), "\(fact.tokens)")
        }
    }

    @Test("suppress the same symbols")
    func nonSpeech() {
        #expect(tokenizer.nonSpeechTokens == facts.nonSpeech)
    }

    @Test("split into the same words")
    func words() {
        #expect(!facts.words.isEmpty)
        for fact in facts.words {
            let words = tokenizer.splitIntoWords(fact.tokens, language: fact.language)
            // The reference spells timestamps out.
            let expected = fact.words.map {
                TokenizedWord(text: $0.tokens.contains(where: tokenizer.isTimestamp) ? "" : $0.text, tokens: $0.tokens)
            }
            #expect(words == expected)
        }
    }
}

/// The facts and the tokenizer of the same model, when both are on this machine.
private struct ReferenceMaterial {
    let facts: TokenFacts
    let tokenizer: Tokenizer

    static let shared: ReferenceMaterial? = TokenFixtures.facts().flatMap { facts in
        TokenFixtures.tokenizer(ofModel: facts.model).map { ReferenceMaterial(facts: facts, tokenizer: $0) }
    }
}
