import Gateway
import Recognition
import Testing

@Suite("Room for one more")
struct CapacityEstimateTests {
    /// So many who have just come, before anybody has spoken.
    private func crowd(
        _ count: Int, window: Double, finalSecond: Double = 0.0001, lanes: Int = 2
    ) -> CapacityEstimate {
        var crowd = CapacityEstimate(lanes: lanes, costs: .init(window: window, finalSecond: finalSecond))
        for index in 0..<count { crowd.open("\(index)", at: 0) }
        return crowd
    }

    @Test("two are let in on the slowest machine")
    func alwaysAdmitted() {
        #expect(crowd(1, window: 30).room(within: 1, at: 0) == .free)
        #expect(crowd(2, window: 30).room(within: 1, at: 0) == .none)
    }

    @Test("of many who come together as many are let in as have room, before anybody has spoken")
    func burst() {
        func admitted(window: Double, finalSecond: Double = 0.0001, lanes: Int = 2, hop: Double = 1) -> Int {
            var crowd = crowd(0, window: window, finalSecond: finalSecond, lanes: lanes)
            var count = 0
            while crowd.room(within: hop, at: 0) == .free, count < 100 {
                crowd.open("\(count)", at: 0)
                count += 1
            }
            return count
        }
        // 0.7 of two lanes.
        #expect(admitted(window: 0.25) == 5)
        #expect(admitted(window: 0.25, hop: 1.2) == 6)
        #expect(admitted(window: 0.25, lanes: 4) == 11)
        #expect(admitted(window: 0.25, finalSecond: 0.1) == 4)
        // What was measured on the machine of docs/benchmarks.md.
        #expect(admitted(window: 0.1, finalSecond: 0.06, hop: 0.5) == 5)
    }

    @Test("who is silent counts as a quarter of somebody who speaks")
    func silence() {
        let crowd = crowd(5, window: 0.25)
        #expect(crowd.room(within: 1, at: 9) == .none)
        #expect(crowd.room(within: 1, at: 10) == .free)
        // 1 + n / 4 <= 5.6.
        #expect(self.crowd(18, window: 0.25).room(within: 1, at: 10) == .free)
        #expect(self.crowd(19, window: 0.25).room(within: 1, at: 10) == .none)
    }

    @Test("who speaks again counts as one, and who leaves takes no room")
    func speech() {
        var crowd = crowd(5, window: 0.25)
        for index in 0..<5 { crowd.observeWindow(0.25, of: "\(index)", at: 20) }
        #expect(crowd.room(within: 1, at: 21) == .none)
        crowd.close("0")
        #expect(crowd.room(within: 1, at: 21) == .free)
        // A window that was still worked on when its session went.
        crowd.observeWindow(0.25, of: "0", at: 21)
        #expect(crowd.room(within: 1, at: 21) == .free)
    }

    @Test("a recording that is heard faster than it was spoken leaves as much room as before")
    func fastRecording() {
        var crowd = crowd(1, window: 0.1, finalSecond: 0.06)
        // Two minutes of sound in ten seconds.
        for step in 0..<100 { crowd.observeWindow(0.1, of: "0", at: Double(step) / 10) }
        for _ in 0..<24 { crowd.observeFinal(0.3, sound: 5) }
        #expect(abs(crowd.costs.window - 0.1) < 1e-9 && abs(crowd.costs.finalSecond - 0.06) < 1e-9)
        for index in 1..<4 { crowd.open("\(index)", at: 10) }
        #expect(crowd.room(within: 0.5, at: 10) == .free)
    }

    @Test("work that takes longer than at the start leaves less room, and one slow window changes nothing")
    func learning() {
        var crowd = crowd(4, window: 0.1, finalSecond: 0.06)
        crowd.observeWindow(2, of: "0", at: 1)
        #expect(crowd.room(within: 0.5, at: 1) == .free)
        for step in 0..<300 { crowd.observeWindow(0.2, of: "0", at: Double(step) / 100) }
        #expect(crowd.room(within: 0.5, at: 3) == .none)
        #expect(abs(crowd.costs.window - 0.2) < 0.02)
    }

    @Test("who is not connected gives way to who is here, the longest lost first")
    func lost() {
        let crowd = crowd(20, window: 0.25)
        #expect(crowd.room(within: 1, at: 20) == .none)
        #expect(crowd.room(within: 1, at: 20, lost: ["7", "3", "4"]) == .instead(of: ["7", "3"]))
        // They never keep everybody out.
        #expect(self.crowd(2, window: 30).room(within: 1, at: 0, lost: ["0", "1"]) == .free)
    }
}
