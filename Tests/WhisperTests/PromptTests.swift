import Testing
import Whisper
import WhisperText

/// What precedes a text.
@Suite("Prompt")
struct PromptTests {
    private let tokenizer = TokenFixtures.toyTokenizer()
    private let english = TokenFixtures.toyTokenizer(vocabularySize: 51_864)

    private func prompt(
        language: String = "ko", context: [Int] = [], prefix: [Int] = [], english: Bool = false,
        _ change: (inout DecodingOptions) -> Void = { _ in }
    ) throws -> Prompt {
        var options = DecodingOptions()
        change(&options)
        return try Prompt(
            tokenizer: english ? self.english : tokenizer, options: options, language: language, context: context,
            prefix: prefix)
    }

    private var start: [Int] {
        [tokenizer.startOfTranscript, tokenizer.startOfTranscript + 6, tokenizer.transcribe]
    }

    @Test("names the language and the task")
    func plain() throws {
        #expect(tokenizer.language(of: start[1])?.code == "ko")
        #expect(try prompt().tokens == start)
        #expect(try prompt().startOfTranscript == 0)
        #expect(try prompt { $0.timestamps = false }.tokens == start + [tokenizer.noTimestamps])
        #expect(try prompt { $0.task = .translate }.tokens == start.dropLast() + [tokenizer.translate])
    }

    @Test("the newest of what was said before is given")
    func context() throws {
        let said = (0..<300).map { $0 % 250 }
        let prompt = try prompt(context: said)
        #expect(prompt.tokens == [tokenizer.startOfPrevious] + said.suffix(64) + start)
        #expect(prompt.startOfTranscript == 65)
        #expect(try self.prompt(context: said) { $0.contextTokens = 3 }.tokens.count == 1 + 3 + 3)
        #expect(try self.prompt(context: said) { $0.contextTokens = 0 }.tokens == start)
        #expect(try self.prompt(context: [1, 2]).tokens == [tokenizer.startOfPrevious, 1, 2] + start)
    }

    @Test("the user's words stay, however long the recording")
    func fixed() throws {
        let said = Array(repeating: 9, count: 300)
        let prompt = try prompt(context: said) {
            $0.hotwords = "Sori"
            $0.prompt = "  A talk.\n"
        }
        let words = tokenizer.encode(" Sori A talk.")
        #expect(prompt.tokens == [tokenizer.startOfPrevious] + words + said.prefix(64) + start)
        #expect(prompt.tokens[prompt.startOfTranscript] == tokenizer.startOfTranscript)
    }

    @Test("long words of the user's take the room of what was said, and never more than half of all")
    func room() throws {
        let said = Array(repeating: 9, count: 300)
        let long = try prompt(context: said) { $0.prompt = String(repeating: "x", count: 199) }
        #expect(long.tokens.count == 1 + 223 + 3)
        #expect(long.tokens[1..<201].elementsEqual(tokenizer.encode(" " + String(repeating: "x", count: 199))))
        #expect(long.tokens.count { $0 == 9 } == 23)
        let endless = try prompt(context: said) { $0.prompt = String(repeating: "x", count: 5000) }
        #expect(endless.tokens.count == 1 + 223 + 3)
        #expect(!endless.tokens.contains(9))
    }

    @Test("text that is certain comes last")
    func prefix() throws {
        let prompt = try prompt(context: [5], prefix: [50_364, 70, 71]) { $0.prompt = "x" }
        #expect(prompt.tokens == [tokenizer.startOfPrevious, 32, 120, 5] + start + [50_364, 70, 71])
        #expect(prompt.prefixCount == 3)
        #expect(prompt.startOfTranscript == 4)
    }

    @Test("an English-only model is told nothing about languages")
    func englishOnly() throws {
        #expect(try prompt(language: "ko", english: true).tokens == [english.startOfTranscript])
        #expect(
            try prompt(context: [5], english: true) { $0.timestamps = false }.tokens
                == [english.startOfPrevious, 5, english.startOfTranscript, english.noTimestamps])
    }

    @Test("an English-only model does not translate")
    func englishTranslation() {
        let error = #expect(throws: WhisperError.self) { try prompt(english: true) { $0.task = .translate } }
        #expect(error?.code == .badInput)
        #expect(error?.message.contains("multilingual") == true)
    }

    @Test("a language that the model does not know is refused", arguments: ["xx", "", "Korean", "yue"])
    func unknownLanguage(language: String) {
        let error = #expect(throws: WhisperError.self) { try prompt(language: language) }
        #expect(error?.code == .badInput)
        #expect(error?.message.contains("'\(language)'") == true)
    }
}
