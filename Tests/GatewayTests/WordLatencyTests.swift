import Gateway
import Testing

@Suite("How long words take")
struct WordLatencyTests {
    private let start = ContinuousClock.now

    private func at(_ seconds: Double) -> ContinuousClock.Instant { start + .seconds(seconds) }

    /// After so many seconds of sound at its own pace.
    private func heard(seconds: Double, rate: Double = 1) -> WordLatency {
        var latency = WordLatency()
        for step in 1...Int(seconds * 25) {
            latency.heard(until: Double(step) / 25, at: at(Double(step) / 25 / rate))
        }
        return latency
    }

    @Test("from a word's sound to the text that stays, or to the final")
    func words() throws {
        var latency = heard(seconds: 4)
        latency.shown("", of: 0, at: at(0.5))
        latency.shown("Hello,", of: 0, at: at(2))
        latency.shown("Hello, big", of: 0, at: at(2.5))
        latency.shown("Hello, big", of: 0, at: at(3))
        let seconds = latency.final(
            [(" Hello,", 1), (" big", 1.5), (" world.", 2.5)], of: 0, at: at(4))
        try #require(seconds.count == 3)
        for (found, expected) in zip(seconds, [1, 1, 1.5]) { #expect(abs(found - expected) < 0.15) }
    }

    @Test("the next utterance begins anew")
    func utterances() throws {
        var latency = heard(seconds: 6)
        latency.shown("안녕하세요", of: 0, at: at(1))
        #expect(latency.final([("안녕하세요", 1)], of: 0, at: at(2)).first.map { $0 < 0.2 } == true)
        let next = latency.final([("네", 4)], of: 1, at: at(6))
        #expect(next.count == 1 && abs((next.first ?? 0) - 2) < 0.15)
    }

    @Test("sound that came faster than it is spoken counts from when it came")
    func fast() {
        var latency = heard(seconds: 8, rate: 4)
        #expect(abs((latency.final([("word", 8)], of: 0, at: at(3)).first ?? 0) - 1) < 0.15)
    }

    @Test("of an hour only the last minute is remembered")
    func bounded() {
        var latency = heard(seconds: 3600)
        #expect(latency.final([("old", 3000), ("new", 3599)], of: 0, at: at(3600)).count == 1)
    }
}
