extension SettingsReader {
    /// Reads which proxies stand before the server.
    mutating func proxies(_ proxies: inout Proxies) throws {
        try value(
            "proxies", "proxies whose X-Forwarded-For is believed", &proxies, show: \.description,
            allowed: "a list of addresses, or networks such as 10.0.0.0/8"
        ) { Proxies($0) }
    }
}
