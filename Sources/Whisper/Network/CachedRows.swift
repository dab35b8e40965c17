/// How many rows of a cache the next computation looks at: known only when it is made, unlike the shape of its graph.
final class CachedRows {
    let capacity: Int
    var count: Int

    /// - Parameter capacity: the most rows.
    init(capacity: Int) {
        self.capacity = capacity
        count = capacity
    }
}
