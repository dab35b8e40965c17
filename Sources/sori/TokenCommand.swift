import AccessTokens
import ArgumentParser
import Foundation
import Gateway
import Terminal

/// `sori token`: who may speak, watch and administer.
struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Make, list and revoke the tokens of people.",
        discussion: """
            Tokens are kept in a file, as salted digests: a token is shown once, when it is made. A server that is started with
            --tokens FILE follows the file: changes count a second later.

            EXAMPLES
              sori token add --permission speak --note "Haneul's studio"
              sori token add --permission watch --session 3f9Qk2aXcT0b --days 1
              sori token list
              sori token revoke k3v9x0ab
            """,
        subcommands: [Add.self, List.self, Revoke.self], defaultSubcommand: List.self)
}

extension Permission: ExpressibleByArgument {}

extension TokenCommand {
    /// Where the tokens are.
    struct Place: ParsableArguments {
        @Option(
            help: ArgumentHelp(
                "The file with the tokens.",
                discussion: "Default: $SORI_TOKENS, or ~/.local/share/sori/tokens.json", valueName: "file"))
        var tokens: String?

        var file: TokenFile {
            let environment = ProcessInfo.processInfo.environment
            let home = environment["SORI_HOME"] ?? NSHomeDirectory() + "/.local/share/sori"
            return TokenFile(path: tokens ?? environment["SORI_TOKENS"] ?? home + "/tokens.json")
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a token, and show it: this once.",
            discussion: """
                EXAMPLES
                  sori token add --permission speak --note "Haneul's studio" --sessions 2
                  sori token add --permission speak --session haneul
                  sori token add --permission watch --session haneul
                  sori token add --permission administer --tokens /etc/sori/tokens.json
                """)

        @Option(help: "What its holder may do: speak (and watch), watch, or administer.")
        var permission: Permission

        @Option(help: "Who has it, for people.")
        var note = ""

        @Option(
            help: ArgumentHelp(
                "The only session that may be watched, by its name or id; and the name that sessions of a speaker get.",
                discussion: "Default: any"))
        var session: String?

        @Option(
            help: ArgumentHelp(
                "Sessions at a time.", discussion: "Default: what the server's sessions.per-token says"))
        var sessions: Int?

        @Option(help: ArgumentHelp("Days until it expires.", discussion: "Default: it does not"))
        var days: Double?

        @OptionGroup var place: Place

        func validate() throws {
            if session != nil, permission == .administer {
                throw ValidationError("--session is for tokens that let their holders speak or watch")
            }
            if let session, permission == .speak, SessionName(session) == nil {
                throw ValidationError("--session must have 1 to 40 of the characters A-Z, a-z, 0-9, - and _")
            }
            if sessions != nil, permission != .speak {
                throw ValidationError("--sessions is for tokens that let their holders speak")
            }
            guard sessions.map({ (1...10_000).contains($0) }) ?? true else {
                throw ValidationError("--sessions must be from 1 to 10000")
            }
            guard days.map({ $0 > 0 && $0 <= 36_500 }) ?? true else {
                throw ValidationError("--days must be more than 0, and 36500 at most")
            }
        }

        func run() async throws {
            do {
                let (file, now, token) = (place.file, Date(), TokenText())
                try FileManager.default.createDirectory(
                    at: URL(fileURLWithPath: file.path).deletingLastPathComponent(), withIntermediateDirectories: true)
                try file.change { tokens in
                    tokens.append(
                        TokenRecord(
                            token, note: note, permission: permission, session: session, sessions: sessions,
                            created: now, expires: days.map { now + $0 * 86_400 }))
                }
                complain("made \(token.id) in \(file.path); this is the only time that it is shown")
                try StandardOutput.print(token.text)
            } catch {
                throw failed(error)
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show who has tokens, and for what.",
            discussion: """
                EXAMPLES
                  sori token list
                  sori token list --tokens /etc/sori/tokens.json
                """)

        @OptionGroup var place: Place

        func run() async throws {
            do {
                let file = place.file
                let tokens = FileManager.default.fileExists(atPath: file.path) ? try file.read() : []
                try StandardOutput.print("Tokens in \(file.path)")
                if tokens.isEmpty { try StandardOutput.print("  none yet: sori token add --permission speak") }
                let now = Date()
                for token in tokens { try StandardOutput.print("  " + row(token, at: now)) }
            } catch {
                throw failed(error)
            }
        }

        private func row(_ token: TokenRecord, at now: Date) -> String {
            let until = token.expires.map { "until " + day($0) } ?? "for ever"
            let limits = [token.session.map { "session \($0)" }, token.sessions.map { "\($0) sessions" }, token.note]
            let state = token.endedReason(at: now) ?? until
            return
                ([
                    token.id.padded(to: 10) + token.permission.rawValue.padded(to: 12) + "since " + day(token.created),
                    state.padded(to: 16),
                ] + limits.compactMap { $0 }.filter { !$0.isEmpty }).joined(separator: "  ")
        }

        private func day(_ date: Date) -> String {
            date.formatted(.iso8601.year().month().day())
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let a token's holder in no longer, and end the connections that were opened with it.",
            discussion: """
                EXAMPLES
                  sori token revoke k3v9x0ab
                """)

        @Argument(help: ArgumentHelp("The token's name, as `sori token list` shows it.", valueName: "id"))
        var id: String

        @OptionGroup var place: Place

        func run() async throws {
            do {
                // Whoever has the token at hand may give all of it.
                let name = TokenText(id)?.id ?? id
                try place.file.change { tokens in
                    guard let index = tokens.firstIndex(where: { $0.id == name }) else {
                        throw TokenFileError(
                            .unknownToken, "there is no token '\(name)' in \(place.file.path); see `sori token list`")
                    }
                    tokens[index].revoke(at: Date())
                }
                complain("revoked \(name)")
            } catch {
                throw failed(error)
            }
        }
    }
}
