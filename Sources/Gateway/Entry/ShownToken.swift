internal import Foundation
internal import HTTPTypes
internal import WebSockets

/// The token that a request shows, in one of three places.
struct ShownToken: Sendable {
    /// The subprotocol of `/v1/listen`. A browser gives up where a server chooses none of those it offers.
    static let subprotocol = "sori"
    /// Begins a subprotocol that carries a token: the one header that pages can write.
    private static let subprotocolPrefix = "sori.token."

    let text: String

    /// - Returns: `nil` where the request shows none.
    init?(_ head: HTTPRequest) {
        guard let text = BearerToken(head)?.text ?? Self.inSubprotocol(head) ?? Self.inQuery(head) else { return nil }
        self.text = text
    }

    /// `Sec-WebSocket-Protocol: sori, sori.token.TOKEN`
    private static func inSubprotocol(_ head: HTTPRequest) -> String? {
        let offered = WebSocketHandshake(head).subprotocols
        return offered.first { $0.hasPrefix(subprotocolPrefix) }.map { String($0.dropFirst(subprotocolPrefix.count)) }
    }

    /// `?access_token=TOKEN` (RFC 6750, section 2.3), for what can do neither.
    private static func inQuery(_ head: HTTPRequest) -> String? {
        URLComponents(string: head.path ?? "")?.queryItems?.first { $0.name == "access_token" }?.value
    }
}
