/// How often something may be done for each of many: so many times at once, and from then on evenly spread (a token bucket).
package struct RateLimit<Key: Hashable & Sendable>: Sendable {
    private struct Bucket {
        var level: Double
        var time: ContinuousClock.Instant
    }

    private let perMinute: Double
    private let most: Int
    private var buckets: [Key: Bucket] = [:]
    /// Of all those for whom there was no place.
    private var others: Bucket?
    /// When it was last looked who need not be remembered.
    private var lookedThrough: ContinuousClock.Instant?

    /// - Parameters:
    ///   - perMinute: how often, from 1 on.
    ///   - most: for how many it is counted apart; the rest share one count.
    package init(perMinute: Int, most: Int = 10_000) {
        self.perMinute = Double(perMinute)
        self.most = most
    }

    /// Counts one more for a key.
    ///
    /// - Returns: `nil` if it may be done, otherwise how long it takes until it may.
    package mutating func wait(for key: Key, at now: ContinuousClock.Instant) -> Duration? {
        if buckets[key] == nil, buckets.count >= most { forgetThoseWhoAreFull(at: now) }
        guard buckets[key] != nil || buckets.count < most else { return take(from: &others, at: now) }
        return take(from: &buckets[key], at: now)
    }

    private func take(from bucket: inout Bucket?, at now: ContinuousClock.Instant) -> Duration? {
        let level = level(of: bucket, at: now)
        guard level >= 1 else {
            bucket = Bucket(level: level, time: now)
            return .seconds((1 - level) * 60 / perMinute)
        }
        bucket = Bucket(level: level - 1, time: now)
        return nil
    }

    private func level(of bucket: Bucket?, at now: ContinuousClock.Instant) -> Double {
        guard let bucket else { return perMinute }
        return min(perMinute, bucket.level + (now - bucket.time) / .seconds(60) * perMinute)
    }

    /// Those who did nothing for long may do as much as those who never came.
    private mutating func forgetThoseWhoAreFull(at now: ContinuousClock.Instant) {
        // Not for each of a flood.
        if let lookedThrough, now - lookedThrough < .seconds(1) { return }
        lookedThrough = now
        buckets = buckets.filter { level(of: $0.value, at: now) < perMinute }
    }
}
