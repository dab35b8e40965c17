import Foundation
import Recognition
import Streaming
import Testing
import WhisperText

@Suite("Checkpoints of a session")
struct CheckpointTests {
    /// A session that is played by hand, with answers at once.
    private struct Player {
        var session: CaptionSession
        var finals: [FinalCaption] = []
        var translations: [Int: String] = [:]
        /// Whether translations are asked for and do not come.
        var holdsTranslations = false
        var isFinished = false
        let script: Script

        /// - Returns: whether something was acknowledged.
        mutating func work() -> Bool {
            var hasAcknowledged = false
            while let work = session.nextWork() {
                switch work {
                case .detect(let request):
                    session.detected(ToyDetector.detect(request.samples, language: request.language))
                case .recognize(let work) where work.purpose == .translation && holdsTranslations: break
                case .recognize(let work): session.recognized(script.answer(work), as: work)
                case .withdraw: break
                case .tell(.final(let final)): finals.append(final)
                case .tell(.translation(let utterance, let text)): translations[utterance] = text
                case .tell(.acknowledged): hasAcknowledged = true
                case .tell(.finished): isFinished = true
                case .tell: break
                }
            }
            return hasAcknowledged
        }
    }

    private func settings() -> CaptionSettings {
        var settings = CaptionSettings()
        settings.language = "en"
        return settings
    }

    /// The rest of some sound, in pieces of a size of its own.
    private func play(
        _ player: inout Player, _ samples: [Float], from start: Int, piece: Int, flushes: [Int] = [],
        onAcknowledged: (Player) throws -> Void = { _ in }
    ) throws {
        var position = start
        while position < samples.count {
            let end = min(samples.count, position + piece, flushes.first { $0 > position } ?? .max)
            player.session.append(Array(samples[position..<end]))
            var hasAcknowledged = player.work()
            if flushes.contains(end) {
                player.session.flush()
                hasAcknowledged = player.work() || hasAcknowledged
            }
            if hasAcknowledged { try onAcknowledged(player) }
            position = end
        }
        player.session.finish()
        _ = player.work()
    }

    @Test(
        "go on with the same finals, at any acknowledged sample of any conversation", arguments: 0..<6 as Range<UInt64>)
    func everywhere(seed: UInt64) throws {
        let script = Script.conversation(seed, seconds: 60)
        let samples = script.sound(seconds: 60).samples
        let flushes = seed.isMultiple(of: 2) ? [] : [12.3, 31.0, 31.7].map(\.asSamples)
        var whole = Player(session: CaptionSession(settings: settings(), tokenizer: Toy.tokenizer), script: script)
        var checkpoints: [(data: Data, before: [FinalCaption])] = []
        try play(&whole, samples, from: 0, piece: 4000, flushes: flushes) { player in
            checkpoints.append((try JSONEncoder().encode(player.session.checkpoint), player.finals))
        }
        #expect(whole.isFinished && !whole.finals.isEmpty)
        #expect(checkpoints.count > 10)
        for (index, checkpoint) in checkpoints.enumerated() {
            let decoded = try JSONDecoder().decode(CaptionSession.Checkpoint.self, from: checkpoint.data)
            let session = CaptionSession(decoded, settings: settings(), tokenizer: Toy.tokenizer)
            var resumed = Player(session: session, finals: checkpoint.before, script: script)
            let start = decoded.acknowledged
            #expect(resumed.session.received == start)
            try play(
                &resumed, samples, from: start, piece: [640, 7001, samples.count][index % 3],
                flushes: flushes.filter { $0 >= start })
            #expect(resumed.finals == whole.finals, "at \(start.asSeconds) s")
            #expect(resumed.isFinished)
        }
    }

    @Test("have the sound of translations that are still to come")
    func translations() throws {
        let script = Script.conversation(4, seconds: 40)
        let samples = script.sound(seconds: 40).samples
        var settings = settings()
        (settings.language, settings.translates) = ("ko", true)
        func player() -> Player {
            Player(session: CaptionSession(settings: settings, tokenizer: Toy.tokenizer), script: script)
        }
        var whole = player()
        try play(&whole, samples, from: 0, piece: 4000)
        #expect(whole.isFinished && whole.translations.count == whole.finals.count && whole.finals.count > 3)
        var held = player()
        held.holdsTranslations = true
        var checkpoints: [CaptionSession.Checkpoint] = []
        try play(&held, samples, from: 0, piece: 4000) { checkpoints.append($0.session.checkpoint) }
        #expect(!held.isFinished && held.translations.isEmpty && held.finals == whole.finals)
        for checkpoint in checkpoints {
            let data = try JSONEncoder().encode(checkpoint)
            let decoded = try JSONDecoder().decode(CaptionSession.Checkpoint.self, from: data)
            var resumed = Player(
                session: CaptionSession(decoded, settings: settings, tokenizer: Toy.tokenizer), script: script)
            try play(&resumed, samples, from: decoded.acknowledged, piece: 4000)
            #expect(resumed.isFinished && resumed.translations == whole.translations)
        }
    }

    @Test("hold little more than the sound that windows begin with")
    func size() throws {
        let script = Script.conversation(3, seconds: 60)
        var player = Player(session: CaptionSession(settings: settings(), tokenizer: Toy.tokenizer), script: script)
        var largest = 0
        try play(&player, script.sound(seconds: 60).samples, from: 0, piece: 4000) { player in
            let checkpoint = player.session.checkpoint
            let data = try JSONEncoder().encode(checkpoint)
            // 15 s and the pause behind it, in 16 bits as base64.
            largest = max(largest, data.count)
        }
        #expect(largest > 10_000 && largest < 1_300_000, "\(largest)")
    }

    @Test("of a session that was just opened is one")
    func new() throws {
        let session = CaptionSession(settings: settings(), tokenizer: Toy.tokenizer)
        let data = try JSONEncoder().encode(session.checkpoint)
        let checkpoint = try JSONDecoder().decode(CaptionSession.Checkpoint.self, from: data)
        #expect(checkpoint == session.checkpoint && checkpoint.acknowledged == 0)
        #expect(data.count < 4000)
    }
}
