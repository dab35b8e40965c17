import Gateway
import Testing

@Suite("Room for one more")
struct CapacityEstimateTests {
    /// So many on two lanes who speak for a minute: a window a second, each so many seconds of work, and an utterance every
    /// ten seconds. The last windows come at 60 s.
    private func crowd(_ count: Int, window: Double, utterance: Double = 0, lanes: Int = 2) -> CapacityEstimate {
        var crowd = CapacityEstimate(lanes: lanes)
        for index in 0..<count { crowd.open("\(index)", at: 0) }
        for second in 1...60 {
            for index in 0..<count {
                crowd.observeWindow(window, of: "\(index)", at: Double(second))
                if second.isMultiple(of: 10) { crowd.observeUtterance(utterance) }
            }
        }
        return crowd
    }

    @Test("two are let in on the slowest machine")
    func alwaysAdmitted() {
        var crowd = crowd(1, window: 30)
        #expect(crowd.hasRoom(within: 1, at: 60))
        crowd.open("second", at: 60)
        #expect(!crowd.hasRoom(within: 1, at: 60))
    }

    @Test("windows of 0.25 s on two lanes leave room for five in each second, and for no sixth")
    func full() {
        #expect(crowd(4, window: 0.25).hasRoom(within: 1, at: 60))
        #expect(!crowd(5, window: 0.25).hasRoom(within: 1, at: 60))
        #expect(crowd(5, window: 0.25).hasRoom(within: 1.2, at: 60))
        #expect(crowd(12, window: 0.25, lanes: 4).hasRoom(within: 1.2, at: 60))
        #expect(!crowd(3, window: 0.25, lanes: 1).hasRoom(within: 1, at: 60))
    }

    @Test("whole utterances take room")
    func finals() {
        // A tenth of a second for each second that somebody speaks: a third of what five have on two lanes.
        #expect(!crowd(4, window: 0.25, utterance: 1).hasRoom(within: 1, at: 60))
        #expect(crowd(2, window: 0.25, utterance: 1).hasRoom(within: 1, at: 60))
    }

    @Test("of many who come together no more are let in than have room")
    func burst() {
        var crowd = crowd(1, window: 0.25)
        var count = 1
        while crowd.hasRoom(within: 1, at: 60), count < 100 {
            crowd.open("new \(count)", at: 60)
            count += 1
        }
        #expect(count == 5)
        // They were here for ten seconds and said nothing.
        #expect(crowd.hasRoom(within: 1, at: 70.5))
    }

    @Test("a few may come together before anything is known")
    func unmeasured() {
        var crowd = CapacityEstimate(lanes: 2)
        for index in 0..<CapacityEstimate.admittedUnmeasured {
            #expect(crowd.hasRoom(within: 1, at: 0))
            crowd.open("\(index)", at: 0)
        }
        #expect(!crowd.hasRoom(within: 1, at: 0))
        #expect(crowd.hasRoom(within: 1, at: 11))
    }

    @Test("first windows, which are short, do not let more in")
    func early() {
        var crowd = CapacityEstimate(lanes: 2)
        for index in 0..<CapacityEstimate.admittedUnmeasured { crowd.open("\(index)", at: 0) }
        for second in 1...4 {
            for index in 0..<CapacityEstimate.admittedUnmeasured {
                crowd.observeWindow(0.01, of: "\(index)", at: Double(second))
            }
        }
        #expect(!crowd.hasRoom(within: 1, at: 4))
        for second in 5...7 {
            for index in 0..<CapacityEstimate.admittedUnmeasured {
                crowd.observeWindow(0.01, of: "\(index)", at: Double(second))
            }
        }
        #expect(crowd.hasRoom(within: 1, at: 7))
    }

    @Test("who falls silent or leaves takes no room")
    func silence() {
        var crowd = crowd(5, window: 0.25)
        #expect(!crowd.hasRoom(within: 1, at: 69))
        #expect(crowd.hasRoom(within: 1, at: 71))
        crowd.close("0")
        #expect(crowd.hasRoom(within: 1, at: 60))
        // A window that was still worked on when its session went.
        crowd.observeWindow(0.25, of: "0", at: 61)
        #expect(crowd.hasRoom(within: 1, at: 61))
    }

    @Test("one slow window is no reason")
    func outlier() {
        var crowd = crowd(4, window: 0.1)
        crowd.observeWindow(2, of: "0", at: 61)
        #expect(crowd.hasRoom(within: 1, at: 61))
    }
}
