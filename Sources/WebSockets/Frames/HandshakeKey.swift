import Crypto
import Foundation

/// The key of a WebSocket handshake (RFC 6455, section 4), with which a server proves that it speaks the protocol.
package struct HandshakeKey: Sendable, Hashable {
    /// The header's value.
    package let value: String

    /// Makes a new key.
    package init() {
        value = Data((0..<16).map { _ in UInt8.random(in: .min ... .max) }).base64EncodedString()
    }

    /// Takes a key from a header; nil if it is not the Base64 of 16 bytes.
    package init?(_ value: String) {
        guard Data(base64Encoded: value)?.count == 16 else { return nil }
        self.value = value
    }

    /// The value of `Sec-WebSocket-Accept` that belongs to the key.
    package var accept: String {
        let digest = Insecure.SHA1.hash(data: Data((value + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8))
        return Data(digest).base64EncodedString()
    }
}
