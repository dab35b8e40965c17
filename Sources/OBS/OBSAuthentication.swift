internal import Crypto
internal import Foundation

extension OBSChallenge {
    /// The proof of a password: Base64(SHA-256(Base64(SHA-256(password + salt)) + challenge)).
    package func proof(of password: String) -> String { Self.digest(Self.digest(password + salt) + challenge) }

    private static func digest(_ text: String) -> String {
        Data(SHA256.hash(data: Data(text.utf8))).base64EncodedString()
    }
}
