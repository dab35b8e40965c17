/// What waits for a lane: live elements before background ones, and each kind in the order in which it came.
package struct LaneQueue<Element> {
    private struct Entry {
        let element: Element
        let key: BatchKey?
    }

    private var live: [Entry] = []
    private var background: [Entry] = []

    /// Creates an empty queue.
    package init() {}

    /// How many wait.
    package var count: Int { live.count + background.count }

    /// Lets `element` wait behind those of its priority.
    package mutating func append(_ element: Element, priority: LanePriority, key: BatchKey? = nil) {
        let entry = Entry(element: element, key: key)
        switch priority {
        case .live: live.append(entry)
        case .background: background.append(entry)
        }
    }

    /// Takes the first element, and with it up to `maximum` in all that have its key and priority.
    ///
    /// Background elements never join a live batch, which would have to wait for them.
    package mutating func takeBatch(maximum: Int) -> [Element] {
        live.isEmpty ? Self.takeBatch(from: &background, maximum) : Self.takeBatch(from: &live, maximum)
    }

    /// Takes the first element for which `predicate` holds, wherever it waits.
    package mutating func take(where predicate: (Element) -> Bool) -> Element? {
        if let index = live.firstIndex(where: { predicate($0.element) }) { return live.remove(at: index).element }
        guard let index = background.firstIndex(where: { predicate($0.element) }) else { return nil }
        return background.remove(at: index).element
    }

    /// Takes everything.
    package mutating func takeAll() -> [Element] {
        defer { self = LaneQueue() }
        return (live + background).map(\.element)
    }

    private static func takeBatch(from entries: inout [Entry], _ maximum: Int) -> [Element] {
        guard let first = entries.first else { return [] }
        guard let key = first.key, maximum > 1 else { return [entries.removeFirst().element] }
        let chosen = Array(entries.indices.lazy.filter { [entries] in entries[$0].key == key }.prefix(maximum))
        let batch = chosen.map { entries[$0].element }
        entries.removeSubranges(RangeSet(chosen, within: entries))
        return batch
    }
}

/// What requests must have in common to be done together.
package struct BatchKey: Sendable, Hashable {
    private let type: ObjectIdentifier
    private let value: any Hashable & Sendable

    /// Creates the key of requests of one type whose own keys equal `value`.
    package init(type: Any.Type, value: any Hashable & Sendable) {
        self.type = ObjectIdentifier(type)
        self.value = value
    }

    package static func == (left: BatchKey, right: BatchKey) -> Bool {
        left.type == right.type && AnyHashable(left.value) == AnyHashable(right.value)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(type)
        hasher.combine(AnyHashable(value))
    }
}
