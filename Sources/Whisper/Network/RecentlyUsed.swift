/// A small cache that drops what was used longest ago.
package struct RecentlyUsed<Key: Hashable, Value> {
    private var entries: [Key: (value: Value, lastUse: Int)] = [:]
    private var clock = 0
    private let limit: Int

    /// - Parameter limit: the most entries that are kept.
    package init(limit: Int) {
        self.limit = limit
    }

    /// What is kept, in no order.
    package var values: [Value] {
        entries.values.map(\.value)
    }

    /// The value of a key, made if it is not kept or no longer of use.
    package mutating func value(
        for key: Key, where isUsable: (Value) -> Bool = { _ in true }, make: () throws -> Value
    ) rethrows -> Value {
        clock += 1
        if let known = entries[key]?.value, isUsable(known) {
            entries[key]?.lastUse = clock
            return known
        }
        if entries[key] == nil, entries.count >= limit,
            let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse })?.key
        {
            entries[oldest] = nil
        }
        let value = try make()
        entries[key] = (value, clock)
        return value
    }

    /// Drops everything.
    package mutating func removeAll() {
        entries.removeAll()
    }
}
