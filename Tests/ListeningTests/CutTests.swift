import Listening
import SeededRandom
import SoriProtocol
import Testing
import WebSockets

/// A server without a network: text is a function of the sound alone, everything else is chance.
private struct ServerModel {

    var chance: SplitMix64
    var name = 0
    /// Samples that the session took in, in their order.
    var taken: [UInt8] = []
    var finals: [ServerMessage.Final] = []
    var acked = 0
    var isFinished = false

    mutating func start(_ start: ClientMessage.Start) -> [ServerMessage] {
        if let session = start.session, session != "\(name)" {
            return [.error(.init(code: .sessionNotFound, message: "over", fatal: true))]
        }
        if start.session == nil {
            name += 1
            (taken, finals, acked) = ([], [], 0)
        } else {
            // What was on its way when the connection broke may not have been stored.
            taken.removeLast(Int.random(in: 0...(taken.count - acked), using: &chance))
            finals.removeAll { Int($0.end * 8_000) > taken.count }
        }
        isFinished = false
        let ready = ServerMessage.Ready(
            session: "\(name)", resumeToken: "t\(name)", resumeAt: taken.count, policy: .alignatt)
        return [.ready(ready)] + finals.filter { $0.utterance > start.lastFinal ?? -1 }.map(ServerMessage.final)
    }

    mutating func take(_ sound: [UInt8]) -> [ServerMessage] {
        taken += sound
        return Bool.random(using: &chance) ? speak() : []
    }

    mutating func finish() -> [ServerMessage] {
        isFinished = true
        return speak() + [.finished(.init(samples: taken.count))]
    }

    /// Finals for the utterances that are complete, and an acknowledgement, or not.
    private mutating func speak() -> [ServerMessage] {
        var messages: [ServerMessage] = []
        while let final = nextFinal() {
            finals.append(final)
            messages += [
                .final(final),
                .partial(.init(utterance: final.utterance + 1, stable: "", tentative: "…", start: final.end)),
            ]
        }
        let done = finals.last.map { Int($0.end * 8_000) } ?? 0
        if done > acked, Bool.random(using: &chance) {
            acked = done
            messages.append(.ack(.init(samples: done)))
        }
        return messages
    }

    /// The next run of the same byte: each byte is a word.
    private func nextFinal() -> ServerMessage.Final? {
        let start = finals.last.map { Int(($0.end * 8_000).rounded()) } ?? 0
        guard start < taken.count else { return nil }
        var end = start
        while end < taken.count, taken[end] == taken[start] { end += 1 }
        guard end < taken.count || isFinished else { return nil }
        return .init(
            utterance: finals.count, text: "\(taken[start])", words: [], start: Double(start) / 8_000,
            end: Double(end) / 8_000, language: "en", confidence: 1)
    }
}

@Suite struct CutTests {
    /// Runs of a byte each, of random length: what is said.
    private func speech(_ chance: inout SplitMix64) -> (words: [Int], lengths: [Int]) {
        let words = (0..<Int.random(in: 1..<30, using: &chance)).map { $0 }
        return (words, words.map { _ in 8 * Int.random(in: 50..<2_000, using: &chance) })
    }

    /// Little ahead, and patience for more cuts in a row than a network would make.
    private static let limits = LiveLimits(
        window: .seconds(3), frame: .milliseconds(300), firstPatience: .seconds(10_000), patience: .seconds(10_000))

    /// After any cuts, refusals and restarts of the server, every word is there once, in order, at its time.
    @Test(arguments: 0..<300) func everySampleIsHeardAndEveryFinalComesOnce(seed: Int) {
        var chance = SplitMix64(state: UInt64(seed))
        let (words, lengths) = speech(&chance)
        let sound = zip(words, lengths).flatMap { [UInt8](repeating: UInt8($0), count: $1) }
        let forgets = seed % 3 == 0
        var server = ServerModel(chance: SplitMix64(state: UInt64(seed) + 1))
        var driver = SessionDriver(limits: Self.limits)
        var finals: [ServerMessage.Final] = []
        var position = 0
        var isOpen = false

        while driver.session.outcome == nil {
            driver.now += .milliseconds(50)
            driver.session.tick(at: driver.now)
            let count = min(Int.random(in: 0..<2_000, using: &chance), sound.count - position)
            driver.session.append(sound[position..<(position + count)])
            position += count
            if position == sound.count { driver.session.finish() }

            if !isOpen, driver.session.connect(at: driver.now) {
                driver.session.opened(at: driver.now)
                isOpen = true
            }
            guard isOpen else { continue }
            var replies: [ServerMessage] = []
            for _ in 0..<Int.random(in: 0..<6, using: &chance) {
                switch driver.session.next() {
                case .message(.start(let start)): replies += server.start(start)
                case .message(.finish): replies += server.finish()
                case .sound(let bytes): replies += server.take(bytes)
                default: break
                }
            }
            // A cut takes the last messages along.
            let isCut = Int.random(in: 0..<8, using: &chance) == 0
            if isCut { replies.removeLast(Int.random(in: 0...replies.count, using: &chance)) }
            for reply in replies where driver.session.isConnected { driver.receive(reply) }
            if isCut || !driver.session.isConnected {
                driver.cut()
                isOpen = false
                // A server may forget what was said; then a new session hears it.
                if forgets, Int.random(in: 0..<3, using: &chance) == 0 { server.name += 1 }
            }
            finals += driver.takeEvents().compactMap { if case .final(let final) = $0 { final } else { nil } }
        }

        #expect(driver.session.outcome == .finished)
        #expect(finals.map(\.utterance) == finals.map(\.utterance).sorted())
        #expect(finals.map(\.text) == words.map(String.init))
        var start = 0
        for (final, length) in zip(finals, lengths) {
            #expect(abs(final.start - Double(start) / 8_000) < 1e-6)
            #expect(abs(final.end - Double(start + length) / 8_000) < 1e-6)
            start += length
        }
        if !forgets { #expect(server.taken.elementsEqual(sound)) }
    }
}
