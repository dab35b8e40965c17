import ArgumentParser
import Foundation
import Listening
import Logging
import OBS
import SoriProtocol
import WebSockets

/// `sori captions`: takes captions elsewhere.
struct CaptionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "captions",
        abstract: "Take captions to other programs.",
        discussion: """
            EXAMPLES
              sori captions obs --name haneul --source Captions
            """,
        subcommands: [OBSCommand.self])
}

/// `sori captions obs`: into a text source of OBS, or into the stream.
struct OBSCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "obs",
        abstract: "Show captions in OBS, by obs-websocket.",
        discussion: """
            Reads along in a session of a server, and writes its newest lines into a text source, in any language; with
            --stream also into the stream, as captions that viewers can switch on (Latin letters only). OBS 28 and later have
            obs-websocket: Tools → WebSocket Server Settings. Server and OBS may come and go.

            The passwords: SORI_OBS_PASSWORD is that of OBS, SORI_TOKEN the server's token.

            EXAMPLES
              sori captions obs --name haneul --source Captions
              SORI_OBS_PASSWORD=… sori captions obs --name haneul --stream
              sori captions obs --name haneul --stream --show translation
              sori captions obs --session 3f9Qk2aXcT0b --stream --server wss://host
            """)

    @Option(help: "Whose captions: the name of sessions, as the captions page or `sori listen --name` gives them.")
    var name: String?

    @Option(help: "Whose captions: one session, by its id.")
    var session: String?

    @Option(help: "The text source that shows captions, by its name in OBS.")
    var source: String?

    @Flag(help: "Send captions with the stream, for viewers to switch on.")
    var stream = false

    @Option(help: "Server, such as ws://host:8080; SORI_SERVER or localhost:8080 without.")
    var server: String?

    @Option(
        help: ArgumentHelp(
            "Token that lets its holder watch; other users of this machine can see it. SORI_TOKEN without.",
            valueName: "token"))
    var token: String?

    @Option(
        help: ArgumentHelp(
            "Certificates in PEM form to trust instead of the system's, for wss://.", valueName: "file"))
    var trust: String?

    @Option(help: "obs-websocket, with its port.")
    var obs = "ws://localhost:4455"

    @Option(help: "Lines that the source shows, 1 to 12.")
    var lines = 2

    @Option(help: "Columns of a line, 10 to 200; letters of Korean and Japanese take two.")
    var columns = 42

    @Option(help: "Seconds without a new word after which the source is emptied; 0: never.")
    var clear = 8.0

    @Flag(name: .customLong("no-tentative"), help: "Leave out words that may still change.")
    var hasNoTentative = false

    @Option(help: "original, translation or both; a session has translations where its speaker has asked for them.")
    var show = CaptionBoard.Shown.original

    @Flag(help: "Tell on standard error what the connections do.")
    var verbose = false

    func validate() throws {
        guard (name == nil) != (session == nil) else {
            throw ValidationError("give --name or --session: whose captions")
        }
        guard source != nil || stream else {
            throw ValidationError("give --source and the name of a text source in OBS, or --stream, or both")
        }
        guard (1...12).contains(lines) else { throw ValidationError("--lines takes 1 to 12") }
        guard (10...200).contains(columns) else { throw ValidationError("--columns takes 10 to 200") }
        guard clear >= 0, clear <= 3600 else { throw ValidationError("--clear takes seconds, 0 to 3600") }
    }

    func run() async throws {
        do {
            let (_, wasInterrupted) = try await Interrupt.watching { try await relay() }
            if wasInterrupted { throw ExitCode(Interrupt.exitCode) }
        } catch is CancellationError {
            throw ExitCode(Interrupt.exitCode)
        } catch {
            throw failed(error)
        }
    }

    private func relay() async throws {
        let environment = ProcessInfo.processInfo.environment
        func secret(_ given: String?, _ key: String) -> String? {
            let text = given ?? environment[key]
            return text?.isEmpty == false ? text : nil
        }
        let onlooker = Onlooker(
            name.map { .name($0) } ?? .session(session ?? ""),
            server: server ?? environment["SORI_SERVER"] ?? "ws://localhost:8080", token: secret(token, "SORI_TOKEN"),
            trustedRoots: trust.map { .file($0) } ?? .system)
        var settings = CaptionBoard.Settings()
        (settings.lines, settings.columns, settings.clear) = (lines, columns, clear)
        settings.showsTentative = !hasNoTentative
        settings.shown = show
        let board = SharedBoard(CaptionBoard(settings))
        let password = secret(nil, "SORI_OBS_PASSWORD")
        var logger = Logger(label: "sori")
        logger.logLevel = verbose ? .debug : .error
        let connection = OBSConnection(address: obs, board: board, logger: logger) { [source, stream] in
            OBSLink(password: password, source: source, sendsCaptions: stream)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await onlooker.run { take($0, board) } }
            group.addTask {
                try await connection.run(onRemark: { complain($0.text) }, onLost: { complain($0) })
            }
            defer { group.cancelAll() }
            try await group.next()
            // A session that is over has said all: its last words are shown as long as others, and then the source is emptied.
            try await Task.sleep(for: .seconds(clear + 1))
        }
    }

    private func take(_ news: Onlooker.News, _ board: SharedBoard) {
        switch news {
        case .message(let message): board.withBoard { $0.take(message, at: .now) }
        case .session: board.withBoard { $0.begin() }
        case .connected:
            board.withBoard { $0.connected(at: .now) }
            complain("reading along")
        case .lost(let reason): complain("the server is away: \(reason); it is tried again")
        }
    }
}

extension CaptionBoard.Shown: ExpressibleByArgument {}
