import Recognition
import Streaming
import Testing
import WhisperText

@Suite("The language of a session")
struct LanguageMemoryTests {
    /// What a recogniser takes a sound for, which says so much by itself, after what is remembered.
    private func choice(_ memory: LanguageMemory, _ sound: [String: Float], seconds: Double) -> String? {
        let priors = memory.priors(forSeconds: seconds)
        return sound.max { Toy.score($0, priors) < Toy.score($1, priors) }?.key
    }

    private func korean(_ seconds: Double) -> LanguageMemory {
        var memory = LanguageMemory()
        for _ in 0..<Int(seconds / 5) { memory.add(["ko": 0.97, "ja": 0.02], seconds: 5) }
        return memory
    }

    @Test("a short utterance among Korean ones is Korean, whatever it sounds like")
    func short() {
        for sound in [["hu": 0.6, "ko": 0.2], ["cy": 0.9, "ko": 0.02], ["ja": 0.7, "ko": 0.25]] as [[String: Float]] {
            #expect(choice(korean(20), sound, seconds: 0.8) == "ko", "\(sound)")
        }
    }

    @Test("the first one, if it is short, is rather a language that many speak")
    func first() {
        #expect(choice(LanguageMemory(), ["hu": 0.5, "ko": 0.3], seconds: 0.8) == "ko")
        #expect(choice(LanguageMemory(), ["hu": 0.95, "ko": 0.01], seconds: 1.5) == "hu")
        #expect(choice(LanguageMemory(), ["hu": 0.9, "en": 0.05], seconds: 6) == "hu")
    }

    @Test("a long one in another language is in another language")
    func long() {
        #expect(choice(korean(40), ["en": 0.98, "ko": 0.005], seconds: 5) == "en")
        #expect(choice(korean(40), ["en": 0.5, "ko": 0.4], seconds: 5) == "ko")
    }

    @Test("who goes on in another language is understood in the end, also in short sentences")
    func change() {
        var memory = korean(60)
        #expect(memory.language == "ko")
        var heard: [String?] = []
        for _ in 0..<20 {
            heard.append(choice(memory, ["en": 0.95, "ko": 0.03], seconds: 2.5))
            memory.add(["en": 0.95, "ko": 0.03], seconds: 2.5)
        }
        #expect(heard.first == "ko" && heard.last == "en" && memory.language == "en")
    }

    @Test("is told once it is known, and when it changes")
    func news() {
        var memory = LanguageMemory()
        memory.add(["hu": 0.6, "ko": 0.2], seconds: 0.6)
        #expect(memory.takeNews() == nil && memory.language == nil)
        memory.add(["ko": 0.9], seconds: 4)
        #expect(memory.takeNews() == "ko" && memory.takeNews() == nil)
        for _ in 0..<10 { memory.add(["en": 0.95], seconds: 5) }
        #expect(memory.takeNews() == "en")
    }

    @Test("finals go by what was said before, and live windows too")
    func session() {
        // Two Korean sentences, then a short word that sounds like Hungarian, then a sentence in English.
        let script = Script(
            words: Script.line((0..<10).map { "ko\($0)" }).words
                + Script.line((0..<10).map { "kr\($0)" }, from: 7).words + [(" ne", 13, 13.4)]
                + Script.line((0..<12).map { "en\($0)" }, from: 16).words)
        let samples = script.sound(seconds: 24).samples
        func sound(_ work: RecognitionWork) -> [String: Float] {
            let seconds = work.end.asSeconds
            return seconds < 12.8 ? ["ko": 0.97] : seconds < 15.5 ? ["hu": 0.7, "ko": 0.2] : ["en": 0.98, "ko": 0.005]
        }
        var transcripts: Set<[String]> = []
        for seed in [nil, 1, 2, 3] as [UInt64?] {
            var playback = Playback(script, language: nil)
            playback.seed = seed
            playback.recognize = { work in
                var result = script.answer(work)
                guard work.request.options.language == nil else {
                    result.language = work.request.options.language ?? ""
                    return result
                }
                result.languages = sound(work)
                let priors = work.request.languagePriors
                let best = result.languages.max { Toy.score($0, priors) < Toy.score($1, priors) }
                result.language = best?.key ?? "en"
                return result
            }
            let outcome = playback.run(samples)
            #expect(outcome.faults(samples: samples.count) == [])
            #expect(outcome.finals.map(\.language) == ["ko", "ko", "ko", "en"])
            let told = outcome.told.compactMap { if case .languageDetected(let code) = $0 { code } else { nil } }
            #expect(told == ["ko"])
            transcripts.insert(outcome.finals.map { "\($0.language): \($0.text)" })
        }
        #expect(transcripts.count == 1)
    }

    @Test("nothing is remembered where the language is given, and only those in question are asked for")
    func given() {
        let script = Script.line(["one", "two", "three", "four", "five", "six"])
        var playback = Playback(script, language: nil)
        playback.settings.languages = ["ko", "en"]
        let outcome = playback.run(script.sound(seconds: 6).samples)
        #expect(outcome.work.allSatisfy { $0.request.options.languages == ["ko", "en"] })
        let named = Playback(script, language: "ko").run(script.sound(seconds: 6).samples)
        #expect(named.work.allSatisfy { $0.request.languagePriors.isEmpty && $0.request.options.language == "ko" })
    }
}
