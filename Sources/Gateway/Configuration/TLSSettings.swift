package import Logging
package import WebSockets

/// The files that TLS of a server needs.
package struct TLSSettings: Sendable {
    package var certificate: String?
    package var key: String?

    package init() {}

    /// Whether connections are encrypted.
    package var isOn: Bool { certificate != nil }

    /// Of the server's address.
    package var scheme: String { isOn ? "https" : "http" }

    /// Reads the settings.
    ///
    /// - Throws: ``SettingError`` where one of the two is missing.
    package mutating func read(_ reader: inout SettingsReader) throws {
        try reader.text(
            "tls.certificate", "file with the certificate in PEM form, and those behind it; absent: no TLS",
            &certificate)
        try reader.text("tls.key", "file with the certificate's private key in PEM form", &key)
        guard (certificate == nil) == (key == nil) else {
            throw SettingError("TLS needs both 'tls.certificate' and 'tls.key'; give the one that is missing")
        }
    }

    /// - Returns: `nil` for none.
    /// - Throws: `EncryptionError` when the files cannot be used.
    package func encryption(logger: Logger) throws -> ServerEncryption? {
        guard let certificate, let key else { return nil }
        return try ServerEncryption(certificate: certificate, key: key, logger: logger)
    }
}
