import AccessTokens
import Gateway
import Logging
import WebSockets

/// Keeps servers from being open to a whole network because nobody thought of it.
enum Exposure {
    /// - Parameters:
    ///   - isProtected: whether a token is needed.
    ///   - isOpen: whether that is what somebody wants.
    ///   - remedy: how a token is set.
    /// - Throws: ``CommandError`` where others than programs of this machine could come in without a token.
    static func check(host: String, isProtected: Bool, isOpen: Bool, remedy: String) throws {
        guard !isProtected, !isOpen, !ListeningAddress(host).isLoopback else { return }
        throw CommandError(
            "'\(host)' can be reached from other machines, and anybody there could speak and listen: \(remedy), "
                + "or say --open if that is what you want")
    }
}

extension Access {
    /// Who is let in, with the tokens of the settings' file.
    ///
    /// - Throws: ``CommandError`` or `TokenFileError`, of one line, where nobody has thought of it, or the file cannot be read.
    init(checking settings: ServerSettings, logger: Logger) async throws {
        try Exposure.check(
            host: settings.host,
            isProtected: settings.token != nil || settings.tokens != nil || settings.jwt.isOn, isOpen: settings.isOpen,
            remedy: "set SORI_TOKEN, or give --tokens FILE (`sori token add` makes one)")
        self.init(
            settings, tokens: try settings.tokens.map { try TokenRegistry(TokenFile(path: $0), logger: logger) },
            signed: try await settings.jwt.verifier())
    }
}
