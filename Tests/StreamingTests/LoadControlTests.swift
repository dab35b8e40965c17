import Recognition
import Streaming
import Testing

@Suite("Load control")
struct LoadControlTests {
    @Test("leaves an idle machine's windows as they are")
    func idle() {
        var load = LoadControl(hop: 0.4)
        #expect(load.factor == 1)
        load.observeWindow(0.1)
        #expect(load.factor == 1)
    }

    @Test("puts windows off at once when they take long, at most to 1.5 s")
    func busy() {
        var load = LoadControl(hop: 0.4)
        load.observeWindow(0.48)
        #expect(abs(load.factor - 2) < 0.001)
        load.observeWindow(60)
        #expect(abs(load.factor * 0.4 - 1.5) < 0.001)
    }

    @Test("comes back slowly when the machine is idle again")
    func recovery() {
        var load = LoadControl(hop: 0.4)
        load.observeWindow(0.8)
        var before = load.factor
        load.observeWindow(0.05)
        #expect(load.factor > 2 && load.factor < before)
        for _ in 0..<30 {
            before = load.factor
            load.observeWindow(0.05)
            #expect(load.factor <= before)
        }
        #expect(load.factor == 1)
    }

    @Test("never makes a hop shorter than it was asked for", arguments: [0.1, 0.4, 1.5, 3])
    func longHop(hop: Double) {
        var load = LoadControl(hop: hop)
        load.observeWindow(100)
        #expect(load.factor >= 1)
    }

    @Test("puts windows off when finals wait for a lane, which live windows take from them")
    func waitingFinals() {
        var load = LoadControl(hop: 0.5)
        load.observeWindow(0.1)
        load.observeFinal(waited: 0.3)
        #expect(load.factor == 1)
        for _ in 0..<6 { load.observeFinal(waited: 1) }
        #expect(load.factor > 2 && load.factor < 3)
        // Once they do not wait any more, windows come as often as before.
        var windows = 0
        while load.factor > 1 {
            load.observeWindow(0.1)
            windows += 1
        }
        #expect((8...20).contains(windows))
    }

    @Test("a single final that was late, of a worker that was lost, changes little")
    func lateFinal() {
        var load = LoadControl(hop: 0.5)
        load.observeFinal(waited: 1)
        #expect(load.factor < 1.6)
        load.observeFinal(waited: -1)
        #expect(load.factor == 1)
    }

    @Test("takes live windows and finals for what they are")
    func kinds() {
        func factor(_ priority: RecognitionPriority, work: Double) -> Double {
            var load = LoadControl(hop: 0.5)
            for _ in 0..<3 { load.observe(priority, work: work, turnaround: 2) }
            return load.factor
        }
        #expect(factor(.live, work: 1.9) == 3)
        // It took long, and did not wait.
        #expect(factor(.final, work: 1.9) == 1 && factor(.final, work: 1) > 2)
        #expect(factor(.guess, work: 1) > 2 && factor(.background, work: 0.1) == 1)
    }
}
