internal import Locks

/// A number that an owner of a session gets, greater than that of every owner before. Only the newest may write.
///
/// It is the time in microseconds since 1970 at which it was given, or one more than the fence before if that is greater.
/// So fences grow even when a store loses its data, and those of different stores can be compared.
package struct Fence: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Positive and below 2^53, because Redis's scripts count in floating point.
    package let value: Int

    /// - Parameter value: positive and below 2^53.
    package init(_ value: Int) {
        self.value = value
    }

    package static func < (one: Fence, other: Fence) -> Bool { one.value < other.value }

    /// The number in decimal digits.
    package var description: String { String(value) }
}

/// Numbers that grow, and are about the time in microseconds since 1970.
final class GrowingNumbers: Sendable {
    private let last = Guarded(0)
    private let now: @Sendable () -> Double

    /// - Parameter now: the time in seconds since 1970.
    init(now: @escaping @Sendable () -> Double) {
        self.now = now
    }

    /// A number that is greater than all before.
    func next() -> Int {
        let time = Int((now() * 1e6).rounded())
        return last.withLock { last in
            last = max(last + 1, time)
            return last
        }
    }
}
