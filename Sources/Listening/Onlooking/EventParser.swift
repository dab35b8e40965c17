/// Cuts a text that comes in pieces into Server-Sent Events
/// (https://html.spec.whatwg.org/multipage/server-sent-events.html).
package struct EventParser: Sendable {
    /// One event.
    package struct Event: Sendable, Equatable {
        package let id: String?
        package let data: String

        package init(id: String? = nil, data: String) {
            self.id = id
            self.data = data
        }
    }

    private var rest: [UInt8] = []
    private var id: String?
    private var data: [String] = []

    package init() {}

    /// The events that end in a piece. Bytes, as a piece may end within a letter.
    package mutating func push(_ bytes: some Sequence<UInt8>) -> [Event] {
        var events: [Event] = []
        for byte in bytes {
            guard byte == UInt8(ascii: "\n") else {
                rest.append(byte)
                continue
            }
            if rest.last == UInt8(ascii: "\r") { rest.removeLast() }
            if let event = take(String(decoding: rest, as: UTF8.self)) { events.append(event) }
            rest.removeAll(keepingCapacity: true)
        }
        return events
    }

    private mutating func take(_ line: String) -> Event? {
        guard !line.isEmpty else {
            defer { (id, data) = (nil, []) }
            return data.isEmpty ? nil : Event(id: id, data: data.joined(separator: "\n"))
        }
        let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        var value = parts.count > 1 ? parts[1] : ""
        if value.first == " " { value = value.dropFirst() }
        switch parts[0] {
        case "data": data.append(String(value))
        case "id": id = String(value)
        default: break
        }
        return nil
    }
}
