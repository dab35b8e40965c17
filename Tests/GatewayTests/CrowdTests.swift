import Gateway
import Testing

@Suite("Room for one more")
struct CrowdTests {
    /// So many sessions that speak, whose windows take so many seconds; the last one came at 0 s.
    private func crowd(_ count: Int, turnaround: Double, at now: Double = 0) -> Crowd {
        var crowd = Crowd()
        for index in 0..<count {
            crowd.open("\(index)", at: 0)
            crowd.observe(turnaround, of: "\(index)", at: now)
        }
        return crowd
    }

    @Test("two are let in on the slowest machine")
    func few() {
        var crowd = crowd(1, turnaround: 30)
        #expect(crowd.hasRoom(within: 1, at: 1))
        crowd.open("second", at: 1)
        #expect(!crowd.hasRoom(within: 1, at: 1))
    }

    @Test("windows of 0.12 s leave room for five within a second, and for no sixth")
    func full() {
        // A window every 0.2 s for each, if there is one; together they take as many times longer.
        #expect(crowd(4, turnaround: 0.48).hasRoom(within: 1, at: 0))
        #expect(!crowd(5, turnaround: 0.6).hasRoom(within: 1, at: 0))
        #expect(crowd(5, turnaround: 0.6).hasRoom(within: 1.5, at: 0))
    }

    @Test("those who came just now count before they have spoken")
    func burst() {
        var crowd = crowd(4, turnaround: 0.32)
        #expect(crowd.hasRoom(within: 1, at: 0))
        for index in 0..<3 { crowd.open("new \(index)", at: 0) }
        #expect(!crowd.hasRoom(within: 1, at: 0))
        // They were here for ten seconds and said nothing.
        for index in 0..<4 { crowd.observe(0.32, of: "\(index)", at: 9) }
        #expect(crowd.hasRoom(within: 1, at: 10.5))
    }

    @Test("a few may come together before anything is known")
    func strangers() {
        var crowd = Crowd()
        for index in 0..<Crowd.strangers {
            #expect(crowd.hasRoom(within: 1, at: 0))
            crowd.open("\(index)", at: 0)
        }
        #expect(!crowd.hasRoom(within: 1, at: 0))
        #expect(crowd.hasRoom(within: 1, at: 11))
    }

    @Test("who falls silent or leaves takes no room")
    func silence() {
        var crowd = crowd(5, turnaround: 0.6, at: 0)
        #expect(!crowd.hasRoom(within: 1, at: 9))
        #expect(crowd.hasRoom(within: 1, at: 11))
        for index in 0..<4 { crowd.close("\(index)") }
        #expect(crowd.hasRoom(within: 1, at: 1))
        crowd.observe(1, of: "0", at: 2)
        #expect(crowd.hasRoom(within: 1, at: 2))
    }

    @Test("one slow window is no reason")
    func outlier() {
        var crowd = crowd(4, turnaround: 0.1)
        crowd.observe(1, of: "0", at: 1)
        #expect(crowd.hasRoom(within: 1, at: 1))
    }
}
