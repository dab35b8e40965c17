import ArgumentParser
import Configuration

/// The files for TLS of a server.
struct EncryptionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The certificate in PEM form, for TLS; read again when it changes.", valueName: "file"))
    var tlsCertificate: String?

    @Option(help: ArgumentHelp("The private key of the certificate.", valueName: "file"))
    var tlsKey: String?

    /// The settings that these flags are.
    var given: [(AbsoluteConfigKey, String?)] {
        [(["tls", "certificate"], tlsCertificate), (["tls", "key"], tlsKey)]
    }
}
