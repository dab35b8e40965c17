import Recognition
import Streaming
import Testing
import WhisperText

@Suite("Caption session: when things go wrong")
struct SessionTroubleTests {
    private let line = Script.line(["one", "two", "three", "four", "five", "six", "seven", "eight"])

    @Test("keeps what was shown when the whole cannot be decoded")
    func finalFails() {
        let samples = line.sound(seconds: 8).samples
        var playback = Playback(line)
        playback.recognize = { [line] work in work.purpose == .final ? nil : line.answer(work) }
        let outcome = playback.run(samples)
        #expect(outcome.faults(samples: samples.count) == [])
        #expect(outcome.told.contains(.finalFailed))
        #expect(outcome.finals.first?.text.hasPrefix("one two three four five six") == true)
    }

    @Test("keeps all that was shown when the second half of the whole cannot be decoded")
    func secondWindowFails() {
        let samples = line.sound(seconds: 8).samples
        var playback = Playback(line)
        var finals = 0
        playback.recognize = { [line] work in
            guard work.purpose == .final else { return line.answer(work) }
            finals += 1
            let half = [Toy.time(0)] + Toy.tokens(" one two") + [Toy.time(1.5), Toy.time(1.5)] + Toy.tokens(" th")
            return finals == 1 ? .written(half) : nil
        }
        let outcome = playback.run(samples)
        #expect(outcome.faults(samples: samples.count) == [])
        #expect(outcome.finals.first?.text.hasPrefix("one two three four five six") == true)
    }

    @Test("a final of several windows has each word once")
    func severalWindows() {
        let samples = line.sound(seconds: 8).samples
        var playback = Playback(line)
        var asked: [Int] = []
        playback.recognize = { [line] work in
            guard work.purpose == .final else { return line.answer(work) }
            asked.append(work.request.samples.count)
            var result = line.answer(work)
            if asked.count == 1 {
                let cut = 2.15 - (work.end - work.request.samples.count).asSeconds
                result.tokens =
                    ([Toy.time(0)] + Toy.tokens(" one two three") + [Toy.time(cut), Toy.time(cut)]
                    + Toy.tokens(" fo")).map { RecognitionResult.Token(id: $0, probability: 1) }
            }
            return result
        }
        let outcome = playback.run(samples)
        #expect(asked.count == 2 && asked[1] < asked[0])
        #expect(outcome.finals.map(\.text) == ["one two three four five six seven eight"])
        #expect(outcome.finals.first?.words.map(\.text) == line.words.map(\.text))
        let last = outcome.work.last { $0.purpose == .final }
        #expect(last.map { Toy.text($0.request.context) } == " one two three")
    }

    @Test("ends even if every recognition fails", arguments: CaptionSettings.Policy.allCases, [true, false])
    func allFail(policy: CaptionSettings.Policy, corrections: Bool) {
        let samples = line.sound(seconds: 8).samples
        var playback = Playback(line)
        playback.settings.policy = policy
        playback.settings.corrections = corrections
        playback.recognize = { _ in nil }
        let outcome = playback.run(samples)
        #expect(outcome.faults(samples: samples.count) == [])
        #expect(outcome.finals.isEmpty)
    }

    @Test(
        "does not ask for a window that failed again and again without new sound",
        arguments: CaptionSettings.Policy.allCases)
    func noHotLoop(policy: CaptionSettings.Policy) {
        var settings = CaptionSettings()
        settings.policy = policy
        var session = CaptionSession(settings: settings, tokenizer: Toy.tokenizer)
        session.append(Array(line.sound(seconds: 8).samples.prefix(4.asSamples)))
        var asked = 0
        while let work = session.nextWork(), asked < 50 {
            switch work {
            case .detect(let window): session.detected(ToyDetector.detect(window.samples, language: window.language))
            case .recognize(let work):
                asked += 1
                session.recognized(nil, as: work)
            case .tell, .withdraw: break
            }
        }
        #expect(asked < 10)
    }

    @Test("loses no text when a single window fails, whichever it is", arguments: 0..<14)
    func oneFails(index: Int) {
        let samples = line.sound(seconds: 8).samples
        for policy in CaptionSettings.Policy.allCases where policy != .slidingWindow {
            var playback = Playback(line)
            playback.settings.policy = policy
            playback.settings.corrections = false
            // The answers are late, so that one is under way when the speech ends.
            playback.seed = UInt64(index)
            var count = -1
            playback.recognize = { [line] work in
                count += 1
                if case .live(let plan) = work.purpose, plan.isLast { return line.answer(work) }
                return count == index ? nil : line.answer(work)
            }
            let outcome = playback.run(samples)
            #expect(outcome.faults(samples: samples.count, appendOnly: true) == [])
            #expect(outcome.text == "one two three four five six seven eight")
        }
    }

    @Test("takes everything for speech when the detector fails")
    func detectorFails() {
        let samples = line.sound(seconds: 8).samples
        var playback = Playback(line)
        playback.detect = { _ in nil }
        let outcome = playback.run(samples)
        #expect(outcome.faults(samples: samples.count) == [])
        #expect(outcome.text == "one two three four five six seven eight")
    }

    @Test("keeps all sound of speech while the recogniser does not answer, and little of silence")
    func neverAnswered() {
        let samples = line.sound(seconds: 60).samples
        var playback = Playback(line)
        playback.loses = { _ in true }
        let outcome = playback.run(samples)
        #expect(outcome.finals.isEmpty && !outcome.told.contains(.finished))
        #expect(outcome.session.pendingFinals == 1)
        #expect(outcome.acknowledged <= 1.asSamples)
        #expect(outcome.session.keptSeconds >= 59)
        playback.recognize = { _ in nil }
        #expect(playback.run(Sound(seconds: 60).samples).mostKept < 5)
        var noise = Sound(seconds: 60)
        noise.hum(from: 5, to: 60, amplitude: 0.05, rising: 0.3)
        #expect(playback.run(noise.samples).mostKept < 7)
    }

    @Test("frees the sound of an utterance once it has its final")
    func frees() {
        let script = Script.conversation(5, seconds: 120)
        let outcome = Playback(script).run(script.sound(seconds: 120).samples)
        // An utterance, and the end of the one before.
        #expect(outcome.mostKept < 25 + 15 + 3)
        #expect(outcome.session.keptSeconds == 0)
    }

    @Test("answers that come after the end change nothing")
    func afterTheEnd() throws {
        let samples = line.sound(seconds: 8).samples
        var outcome = Playback(line).run(samples)
        let work = try #require(outcome.work.last)
        let live = try #require(outcome.work.first)
        for work in [live, work, work] { outcome.session.recognized(line.answer(work), as: work) }
        outcome.session.detected(ToyDetector.heard(0))
        outcome.session.append(samples)
        outcome.session.finish()
        #expect(outcome.session.nextWork() == nil)
        #expect(outcome.session.received == samples.count)
    }

    @Test("live text never reaches beyond what the gate has looked at")
    func liveWithinGate() {
        // All sound comes at once, as after a broken connection.
        let script = Script(
            words: Script.line(["one", "two", "three"]).words + Script.line(["four", "five"], from: 5).words)
        let samples = script.sound(seconds: 8).samples
        var settings = CaptionSettings()
        settings.corrections = false
        settings.language = "en"
        var session = CaptionSession(settings: settings, tokenizer: Toy.tokenizer)
        session.append(samples)
        session.finish()
        var finals: [String] = []
        while let work = session.nextWork() {
            switch work {
            case .detect(let window): session.detected(ToyDetector.detect(window.samples, language: window.language))
            case .recognize(let work): session.recognized(script.answer(work), as: work)
            case .tell(.final(let final)): finals.append(final.text)
            case .tell, .withdraw: break
            }
        }
        #expect(finals == ["one two three", "four five"])
    }

    @Test("corrections may be switched at any time without losing the end", arguments: 0..<24, [true, false])
    func switching(step: Int, corrections: Bool) {
        let samples = line.sound(seconds: 8).samples
        var playback = Playback(line)
        playback.settings.corrections = corrections
        playback.seed = UInt64(step)
        playback.meanwhile = { session, now in
            if now > 1 + Double(step) * 0.25 { session.configure { $0.corrections = !corrections } }
        }
        playback.recognize = { [line] work in
            guard work.purpose == .final else { return line.answer(work) }
            // Finals take two windows.
            let tokens = [Toy.time(0)] + Toy.tokens(" one two") + [Toy.time(1.5), Toy.time(1.5)] + Toy.tokens(" th")
            return work.request.context.isEmpty ? .written(tokens) : .written(Toy.tokens(" and more"))
        }
        let outcome = playback.run(samples)
        #expect(outcome.faults(samples: samples.count) == [])
        #expect(outcome.finals.count == 1)
    }
}
