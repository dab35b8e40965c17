import Recognition
import Testing
import WhisperRecognition

@Suite("The queue of lanes")
struct LaneQueueTests {
    @Test("gives elements by rank, each rank in its order: guesses go with finals, which they may become")
    func order() {
        var queue = LaneQueue<Int>()
        let elements: [(Int, RecognitionPriority)] = [
            (1, .background), (2, .guess), (3, .final), (4, .live), (5, .background), (6, .final), (7, .live),
        ]
        for (element, priority) in elements { queue.append(element, priority: priority) }
        #expect(queue.count == 7)
        #expect((0..<8).map { _ in queue.popFirst() } == [4, 7, 2, 3, 6, 1, 5, nil])
        #expect(queue.count == 0)
    }

    @Test("takes one out wherever it waits, or all")
    func removal() {
        var queue = LaneQueue<Int>()
        for element in 1...6 { queue.append(element, priority: element < 4 ? .background : .live) }
        #expect(queue.take { $0 == 2 } == 2)
        #expect(queue.take { $0 == 5 } == 5)
        #expect(queue.take { $0 == 5 } == nil)
        #expect(queue.takeAll() == [1, 3, 4, 6])
        #expect(queue.count == 0)
    }
}
