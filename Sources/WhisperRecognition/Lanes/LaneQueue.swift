package import Recognition

/// What waits for a lane: by priority, and each priority in the order in which it came.
package struct LaneQueue<Element> {
    private var waiting: [(element: Element, priority: RecognitionPriority)] = []

    /// Creates an empty queue.
    package init() {}

    /// How many wait.
    package var count: Int { waiting.count }

    /// Lets `element` wait behind those of its priority.
    package mutating func append(_ element: Element, priority: RecognitionPriority) {
        waiting.append((element, priority))
    }

    /// Takes the first element.
    package mutating func popFirst() -> Element? {
        // Of equals the first; the queue is bounded and short.
        guard let first = waiting.indices.min(by: { waiting[$0].priority.rank < waiting[$1].priority.rank }) else {
            return nil
        }
        return waiting.remove(at: first).element
    }

    /// Takes the first element for which `predicate` holds, wherever it waits.
    package mutating func take(where predicate: (Element) -> Bool) -> Element? {
        guard let index = waiting.firstIndex(where: { predicate($0.element) }) else { return nil }
        return waiting.remove(at: index).element
    }

    /// Takes everything, in the order in which it came.
    package mutating func takeAll() -> [Element] {
        defer { waiting = [] }
        return waiting.map(\.element)
    }
}
