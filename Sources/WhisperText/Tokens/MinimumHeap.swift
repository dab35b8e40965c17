/// A binary heap that gives out its smallest number first.
struct MinimumHeap {
    private var items: [UInt64] = []

    /// Adds a number; takes time logarithmic in the number of items.
    mutating func insert(_ item: UInt64) {
        items.append(item)
        var child = items.count - 1
        while child > 0, item < items[(child - 1) / 2] {
            items[child] = items[(child - 1) / 2]
            child = (child - 1) / 2
        }
        items[child] = item
    }

    /// Removes and returns the smallest number, `nil` when there is none.
    mutating func popMinimum() -> UInt64? {
        guard let minimum = items.first, let last = items.popLast() else { return nil }
        // The last item takes the root's place and sinks to where it belongs.
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < items.count else { break }
            if child + 1 < items.count, items[child + 1] < items[child] { child += 1 }
            guard items[child] < last else { break }
            items[parent] = items[child]
            parent = child
        }
        if parent < items.count { items[parent] = last }
        return minimum
    }
}
