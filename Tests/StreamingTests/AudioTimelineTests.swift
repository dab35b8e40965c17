import Streaming
import Testing

@Suite("Timeline of sound")
struct AudioTimelineTests {
    private func near(_ one: [Float], _ other: [Float]) -> Bool {
        one.count == other.count && zip(one, other).allSatisfy { abs($0 - $1) < 1 / 16_000 }
    }

    @Test("finds sound by its position in the session, however it came")
    func positions() {
        var timeline = AudioTimeline()
        timeline.append([0.1, 0.2])
        timeline.append([])
        timeline.append([0.3, 0.4, 0.5][1...])
        #expect(timeline.end == 4)
        #expect(near(timeline.samples(in: 1..<3), [0.2, 0.4]))
        #expect(near(timeline.samples(in: 0..<4), [0.1, 0.2, 0.4, 0.5]))
    }

    @Test("gives what it has of a range that reaches beyond its sound")
    func outside() {
        var timeline = AudioTimeline(startingAt: 100)
        timeline.append([0.1, 0.2, 0.3])
        #expect(near(timeline.samples(in: 0..<1000), [0.1, 0.2, 0.3]))
        #expect(near(timeline.samples(in: 102..<200), [0.3]))
        #expect(timeline.samples(in: 0..<100) == [])
        #expect(timeline.samples(in: 200..<300) == [])
        #expect(timeline.samples(in: 101..<101) == [])
    }

    @Test("keeps positions when sound before them is forgotten")
    func discard() {
        var timeline = AudioTimeline()
        timeline.append((0..<100_000).map { Float($0 % 1000) / 1000 })
        timeline.discard(before: 99_990)
        #expect(timeline.start == 99_990)
        #expect(near(timeline.samples(in: 99_990..<99_993), [0.99, 0.991, 0.992]))
        timeline.append([0.5])
        #expect(near(timeline.samples(in: 99_999..<100_001), [0.999, 0.5]))
        #expect(timeline.seconds == 11.0 / 16_000)
    }

    @Test("never forgets backwards, nor more than it has")
    func discardBounds() {
        var timeline = AudioTimeline()
        timeline.append([0.1, 0.2, 0.3])
        timeline.discard(before: -5)
        #expect(timeline.start == 0)
        timeline.discard(before: 2)
        timeline.discard(before: 1)
        #expect(timeline.start == 2)
        timeline.discard(before: 50)
        #expect(timeline.start == 3 && timeline.end == 3)
        timeline.append([0.4])
        #expect(near(timeline.samples(in: 0..<10), [0.4]))
    }

    @Test("makes sound that is too loud as loud as can be, and sound that is no number silent")
    func oddSamples() {
        var timeline = AudioTimeline()
        timeline.append([3, -3, .infinity, -.infinity, .nan, -.nan, 1, -1, 0])
        #expect(near(timeline.samples(in: 0..<9), [1, -1, 1, -1, 0, 0, 1, -1, 0]))
    }

    @Test("gives 16-bit sound back within one step")
    func resolution() {
        let sound = (-32_768...32_767).map { Float($0) / 32_768 }
        var timeline = AudioTimeline()
        timeline.append(sound)
        #expect(zip(timeline.samples(in: 0..<65_536), sound).allSatisfy { abs($0 - $1) <= 1.5 / 32_768 })
    }

    @Test("holds ten seconds of an hour that goes by, at the right places")
    func anHour() {
        var timeline = AudioTimeline()
        let second = [Float](repeating: 0.25, count: 16_000)
        var mark = second
        mark[8000] = -0.75
        for index in 0..<3600 {
            timeline.append(index % 60 == 30 ? mark : second)
            timeline.discard(before: timeline.end - 160_000)
            if index % 60 == 35 {
                #expect(
                    near(
                        timeline.samples(in: (index - 5) * 16_000 + 7999..<(index - 5) * 16_000 + 8001), [0.25, -0.75]))
            }
            #expect(timeline.seconds <= 10)
        }
        #expect(timeline.end == 3600 * 16_000)
    }

    @Test("takes an hour that nothing forgets in small pieces without growing slower")
    func backlog() {
        // Copying all of it for each piece would be a terabyte.
        var timeline = AudioTimeline()
        let piece = [Float](repeating: 0.1, count: 320)
        for _ in 0..<20_000 { timeline.append(piece) }
        #expect(timeline.seconds == 400)
    }
}
