package import AccessTokens
package import Foundation
package import SoriProtocol

/// A name that a speaker's sessions have day after day, so that whoever follows it need not know of each of them.
///
/// It is the front of their ids: any gateway finds the sessions of a name by the ids that it knows.
package struct SessionName: Sendable, Hashable {
    /// Characters of a name.
    static let lengths = 1...40
    /// Is in no name, and in no id without one.
    private static let separator = "."

    package let text: String

    /// - Returns: `nil` for what is no name: 1 to 40 ASCII letters, digits, `-` and `_`.
    package init?(_ text: String) {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        guard isPlain, Self.lengths.contains(text.utf8.count) else { return nil }
        self.text = text
    }

    /// The name of the session with an id; `nil` where it has none.
    package init?(ofSession id: String) {
        guard let end = id.firstRange(of: Self.separator)?.lowerBound else { return nil }
        self.init(String(id[..<end]))
    }

    /// The name that a session gets: the one that is asked for, or that of the token.
    ///
    /// - Throws: ``RequestFailure``, `bad_start`, for what is no name, and for another than that of the token.
    package init?(_ start: ClientMessage.Start, _ grant: Grant) throws {
        guard let text = start.name ?? grant.session else { return nil }
        guard let name = SessionName(text) else {
            throw RequestFailure(
                .badStart, "'name' must have 1 to 40 of the characters A-Z, a-z, 0-9, - and _; choose another")
        }
        if let own = grant.session, own != text {
            throw RequestFailure(.badStart, "'name' must be '\(own)', the only one that this token may use")
        }
        self = name
    }

    /// An id for a new session. Of several ids of a name the greatest is that of the newest session.
    package func newSession(at time: Date = Date()) -> String {
        let milliseconds = String(Int(max(0, time.timeIntervalSince1970) * 1000), radix: 36)
        // Until the year 5188.
        let sortable = String(repeating: "0", count: max(0, 9 - milliseconds.count)) + milliseconds
        return text + Self.separator + sortable + RandomText.base64URL(bytes: 6)
    }

    /// The newest of some sessions that have this name; `nil` for none.
    package func newest<Ids: Sequence<String>>(of ids: Ids) -> String? {
        ids.filter { $0.hasPrefix(text + Self.separator) }.max()
    }
}
