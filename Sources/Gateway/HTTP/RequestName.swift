internal import AccessTokens
internal import HTTPTypes

/// What a request is called in the log: as the proxy before this server calls it in its own, else by a name of its own.
enum RequestName {
    private static let longest = 64

    static func of(_ head: HTTPRequest) -> String {
        if let name = HTTPField.Name("X-Request-Id").flatMap({ head.headerFields[$0] }), isPlain(name) { return name }
        return RandomText.base64URL(bytes: 6)
    }

    /// Whether it can stand in a log: clients may say what they like.
    private static func isPlain(_ name: String) -> Bool {
        (1...longest).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                let scalar = Unicode.Scalar(byte)
                return scalar == "-" || scalar == "_" || (scalar.isASCII && scalar.properties.isAlphabetic)
                    || ("0"..."9").contains(scalar)
            }
    }
}
