import Recognition
import Testing

@Suite("The queue of lanes")
struct LaneQueueTests {
    private let red = BatchKey(type: Int.self, value: "red")
    private let blue = BatchKey(type: Int.self, value: "blue")

    @Test("gives live elements first, each kind in its order")
    func order() {
        var queue = LaneQueue<Int>()
        for (element, priority) in [(1, LanePriority.background), (2, .live), (3, .background), (4, .live)] {
            queue.append(element, priority: priority)
        }
        #expect(queue.count == 4)
        #expect((0..<5).map { _ in queue.takeBatch(maximum: 8) } == [[2], [4], [1], [3], []])
        #expect(queue.count == 0)
    }

    @Test("takes together what has the first one's key, up to the maximum, and leaves the rest in order")
    func batches() {
        var queue = LaneQueue<Int>()
        for (element, key) in [(1, red), (2, blue), (3, nil), (4, red), (5, red), (6, blue), (7, nil)] {
            queue.append(element, priority: .live, key: key)
        }
        #expect((0..<6).map { _ in queue.takeBatch(maximum: 2) } == [[1, 4], [2, 6], [3], [5], [7], []])
    }

    @Test("never lets background elements into a live batch")
    func batchPriority() {
        var queue = LaneQueue<Int>()
        queue.append(1, priority: .background, key: red)
        queue.append(2, priority: .live, key: red)
        queue.append(3, priority: .background, key: red)
        #expect(queue.takeBatch(maximum: 8) == [2])
        #expect(queue.takeBatch(maximum: 8) == [1, 3])
    }

    @Test("takes one out wherever it waits, or all")
    func removal() {
        var queue = LaneQueue<Int>()
        for element in 1...6 { queue.append(element, priority: element < 4 ? .background : .live) }
        #expect(queue.take { $0 == 2 } == 2)
        #expect(queue.take { $0 == 5 } == 5)
        #expect(queue.take { $0 == 5 } == nil)
        #expect(queue.takeAll() == [4, 6, 1, 3])
        #expect(queue.count == 0)
    }

    @Test("tells keys of different types apart")
    func keys() {
        #expect(red == BatchKey(type: Int.self, value: "red"))
        #expect(red.hashValue == BatchKey(type: Int.self, value: "red").hashValue)
        #expect(red != blue)
        #expect(red != BatchKey(type: String.self, value: "red"))
        #expect(BatchKey(type: Int.self, value: 1) != BatchKey(type: Int.self, value: "1"))
    }
}
