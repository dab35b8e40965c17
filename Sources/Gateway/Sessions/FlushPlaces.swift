internal import SoriProtocol

/// The places of flushes that are not done yet, at the client's rate, oldest first.
package struct FlushPlaces: Sendable, Equatable, Codable {
    private struct Place: Equatable, Codable {
        var samples: Int
        var reason: ServerMessage.Flush.Reason
    }

    private var places: [Place] = []

    /// How many of them the client has asked for.
    var asked: Int { places.count { $0.reason == .asked } }

    mutating func add(_ reason: ServerMessage.Flush.Reason, at samples: Int) {
        places.append(Place(samples: samples, reason: reason))
    }

    mutating func next() -> (samples: Int, reason: ServerMessage.Flush.Reason)? {
        guard !places.isEmpty else { return nil }
        let place = places.removeFirst()
        return (place.samples, place.reason)
    }
}
