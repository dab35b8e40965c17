/// Where a server listens to speech.
package enum ServerAddress {
    /// What stands behind a server's name.
    private static let path = "/v1/listen"

    /// The address of the WebSocket from what people write: `localhost:8080`, `http://host`, `wss://host/proxy/v1/listen`.
    package static func webSocket(_ text: String) -> String {
        var address = text
        for (web, socket) in [("http://", "ws://"), ("https://", "wss://")] where address.lowercased().hasPrefix(web) {
            address = socket + address.dropFirst(web.count)
        }
        if !address.contains("://") { address = "ws://" + address }
        guard let scheme = address.firstRange(of: "://") else { return address }
        let rest = address[scheme.upperBound...]
        let hostEnd = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        let target = rest[hostEnd...]
        guard target.isEmpty || target == "/" || target.hasPrefix("?") else { return address }
        return address[..<hostEnd] + path + target.drop { $0 == "/" }
    }
}
