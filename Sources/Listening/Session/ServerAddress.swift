/// Where a server listens to speech.
package enum ServerAddress {
    /// What stands behind a server's name.
    fileprivate static let path = "/v1/listen"

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

extension ServerAddress {
    /// Where a server's other paths begin, from what people write: `http://localhost:8080/`, `https://host/proxy/`.
    package static func web(_ text: String) -> String {
        var address = webSocket(text)
        address = address.replacing("ws", with: "http", maxReplacements: 1)
        if let query = address.firstIndex(of: "?") { address = String(address[..<query]) }
        if address.hasSuffix(path) { address.removeLast(path.count) }
        return address.hasSuffix("/") ? address : address + "/"
    }
}
