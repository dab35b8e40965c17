package import HummingbirdCore
internal import HummingbirdTLS
internal import Locks
package import Logging
internal import NIOCertificateReloading
internal import NIOSSL
internal import ServiceLifecycle

/// TLS of a server, with a certificate that is read again when its file changes: connections that are open go on.
package struct ServerEncryption: Sendable {
    /// So often the files are read: whoever renews certificates need not tell the server.
    private static let interval = Duration.seconds(10)

    private let reloader: TimedCertificateReloader
    fileprivate let configuration: TLSConfiguration

    /// - Parameters:
    ///   - certificate: a file in PEM form with the server's certificate, and those behind it that lead to a root.
    ///   - key: a file in PEM form with its private key.
    /// - Throws: ``EncryptionError`` when they cannot be used.
    package init(certificate: String, key: String, logger: Logger) throws(EncryptionError) {
        var files = TimedCertificateReloader.Configuration(
            refreshInterval: Self.interval,
            certificateSource: .init(location: .file(path: certificate), format: .pem),
            privateKeySource: .init(location: .file(path: key), format: .pem))
        files.onCertificateLoaded = { change in
            guard change.previousX509CertificateChain != nil,
                change.previousX509CertificateChain != change.currentX509CertificateChain
            else { return }
            logger.info("a new certificate is in use", metadata: ["certificate": "\(certificate)"])
        }
        let isServing = Latch()
        files.onCertificateLoadFailed = { failure in
            // The first failure is thrown.
            guard isServing.isOpen else { return }
            logger.warning(
                "the certificate cannot be read again; the one before stays in use",
                metadata: ["certificate": "\(certificate)", "error": "\(failure.error)"])
        }
        do {
            reloader = try TimedCertificateReloader.makeReloaderValidatingSources(configuration: files)
            var configuration = try TLSConfiguration.makeServerConfiguration(certificateReloader: reloader)
            configuration.minimumTLSVersion = .tlsv12
            configuration.applicationProtocols = ["http/1.1"]
            self.configuration = configuration
            isServing.open()
        } catch {
            throw EncryptionError(certificate: certificate, key: key, error)
        }
    }

    /// Reads the files again and again, until the service group shuts down.
    package func followFiles() async throws { try await reloader.run() }
}

/// Why a server cannot do TLS.
package struct EncryptionError: Error, Sendable, CustomStringConvertible {
    /// One line that says what is wrong and what to do.
    package let description: String

    init(certificate: String, key: String, _ error: any Error) {
        let reason = "\(error)".prefix { !$0.isNewline }
        description =
            "cannot do TLS with the certificate \(certificate) and the key \(key) (\(reason)); both must be files in PEM form "
            + "that belong together, which this user may read"
    }
}

extension HTTPServerBuilder {
    /// The same server, by TLS where that is wanted.
    package func protected(by encryption: ServerEncryption?) throws -> HTTPServerBuilder {
        try encryption.map { try .tls(self, tlsConfiguration: $0.configuration) } ?? self
    }
}
