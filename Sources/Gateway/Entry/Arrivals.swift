internal import HTTPTypes
internal import Locks
package import WebSockets

/// Keeps an address from opening WebSockets too often.
package struct Arrivals: Sendable {
    private let proxies: Proxies
    private let limit: Limit

    private final class Limit: Sendable {
        let rate: Guarded<RateLimit<IPNetwork>>

        init(perMinute: Int) { rate = Guarded(RateLimit(perMinute: perMinute)) }
    }

    package init(_ settings: ServerSettings) {
        proxies = settings.proxies
        limit = Limit(perMinute: settings.handshakesPerMinute)
    }

    /// Counts a handshake.
    ///
    /// - Returns: what is answered where there were too many; that costs little, as a flood may come.
    package func refusal(
        of handshake: WebSocketHandshake, at now: ContinuousClock.Instant = .now
    ) -> WebSocketUpgrade? {
        guard let client = proxies.client(of: handshake.head, from: handshake.remoteAddress),
            let wait = limit.rate.withLock({ $0.wait(for: client.household, at: now) })
        else { return nil }
        let seconds = Int((wait / .seconds(1)).rounded(.up))
        return .refuse(
            .tooManyRequests, headers: [.retryAfter: "\(seconds)"],
            body: "too many connections were opened from this address; come back in \(seconds) s\n")
    }
}
