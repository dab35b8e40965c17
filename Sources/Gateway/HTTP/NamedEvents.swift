internal import ServiceLifecycle
package import SoriProtocol

/// What the sessions of a name tell, one after the other, for as long as somebody listens. Where several are open, it is the newest.
package struct NamedEvents: Sendable {
    /// What an onlooker is told.
    package enum News: Sendable {
        /// The messages that follow are another session's.
        case session(String)
        /// What a session tells; `id` says how far the onlooker knows it then.
        case message(ServerMessage, id: String)

        /// The same as a Server-Sent Event; `nil` for what is not for onlookers.
        package var event: String? {
            switch self {
            case .session(let id): "data: {\"type\":\"session\",\"session\":\"\(id)\"}\n\n"
            case .message(let message, let id): message.event(id: id)
            }
        }
    }

    /// How often it is looked for a newer session.
    private static let interval = Duration.seconds(1)

    private let name: SessionName
    private let registry: SessionRegistry
    private let last: String?

    /// - Parameter last: the `id` of the last event that the onlooker has; `nil` for none.
    package init(name: SessionName, registry: SessionRegistry, last: String?) {
        self.name = name
        self.registry = registry
        self.last = last
    }

    /// Tells what is new until the task is cancelled, or the server stops.
    package func run(_ tell: @escaping @Sendable (News) async -> Void) async {
        var place = last.flatMap(Place.init)
        while isNeeded {
            let newest = await registry.newestSession(named: name)
            guard let newest, newest != place?.session || place?.isOver == false else {
                try? await Task.sleep(for: Self.interval)
                continue
            }
            if place?.session != newest { place = Place(session: newest) }
            await tell(.session(newest))
            guard let start = place else { continue }
            place = await follow(start, tell)
            // One that is gone, but has not said all, may come back elsewhere.
            if place?.isOver == false { try? await Task.sleep(for: Self.interval) }
        }
    }

    private var isNeeded: Bool { !Task.isCancelled && !Task.isShuttingDownGracefully }

    /// Tells what a session tells, until it is over or gone, or there is a newer one.
    ///
    /// - Returns: how far the onlooker knows it.
    private func follow(_ place: Place, _ tell: @escaping @Sendable (News) async -> Void) async -> Place? {
        await withTaskGroup(of: Place?.self) { group in
            group.addTask { await tellAll(after: place, tell) }
            group.addTask {
                while isNeeded {
                    try? await Task.sleep(for: Self.interval)
                    if let newest = await registry.newestSession(named: name), newest > place.session { break }
                }
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }

    private func tellAll(after place: Place, _ tell: @Sendable (News) async -> Void) async -> Place {
        if let session = registry.session(place.session) {
            let messages = session.events.subscribe(after: place.utterance)
            defer { messages.end() }
            return await pass(messages, after: place, tell)
        }
        guard let messages = await registry.eventsElsewhere(of: place.session, after: place.utterance) else {
            return place
        }
        defer { messages.cancel() }
        return await pass(messages, after: place, tell)
    }

    private func pass(
        _ messages: some AsyncSequence<ServerMessage, Never>, after place: Place,
        _ tell: @Sendable (News) async -> Void
    ) async -> Place {
        var place = place
        for await message in messages {
            if case .final(let final) = message { place.utterance = final.utterance }
            await tell(.message(message, id: place.text))
            if case .finished = message { place.isOver = true }
        }
        return place
    }

    /// How far an onlooker knows a session.
    private struct Place {
        let session: String
        /// The last utterance whose final it has; `nil` for none.
        var utterance: Int?
        /// Whether the session has said all.
        var isOver = false

        init(session: String) { self.session = session }

        /// Reads ``text``.
        init?(_ text: String) {
            let parts = text.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == 2, let utterance = Int(parts[1]) else { return nil }
            (session, self.utterance) = (String(parts[0]), utterance)
        }

        var text: String { "\(session)/\(utterance ?? -1)" }
    }
}
