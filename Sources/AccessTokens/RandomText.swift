internal import Foundation

/// Texts that nobody can guess, by the system's own random numbers.
package enum RandomText {
    /// Bytes in Base64 without the characters that addresses and headers do not take (RFC 4648, section 5).
    package static func base64URL(bytes count: Int) -> String {
        bytes(count).base64EncodedString().replacingOccurrences(of: "+", with: "-")
            .replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
    }

    static func bytes(_ count: Int) -> Data {
        var generator = SystemRandomNumberGenerator()
        return Data((0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }
}
