import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL
package import SoriProtocol
package import WebSockets

/// Reads along in a session, or in all sessions of a name, one after the other.
package struct Onlooker: Sendable {
    /// Whose captions.
    package enum Source: Sendable, Equatable {
        /// All sessions of a name.
        case name(String)
        /// One session, by its id.
        case session(String)
    }

    /// What is heard.
    package enum News: Sendable {
        /// The messages that follow are another session's.
        case session(String)
        case message(ServerMessage)
        /// The connection is open.
        case connected
        /// There is none, and why; it is tried again.
        case lost(String)
    }

    /// Somebody does not let the onlooker in.
    package struct Refusal: Error, Sendable, CustomStringConvertible {
        /// One line that says what is wrong.
        package let message: String
        /// Whether it may pass by itself.
        package let isPassing: Bool
        package var description: String { message }
    }

    /// Seconds without a byte after which a connection is believed dead: servers send something every 15 s.
    private static let silence: TimeAmount = .seconds(40)

    private let url: String
    private let isEndless: Bool
    private let token: String?
    private let trustedRoots: TrustedRoots

    /// - Parameter server: as people write it: `localhost:8080`, `wss://host/prefix`.
    package init(_ source: Source, server: String, token: String?, trustedRoots: TrustedRoots = .system) {
        let path =
            switch source {
            case .name(let name): "v1/names/\(Self.escaped(name))/events"
            case .session(let id): "v1/sessions/\(Self.escaped(id))/events"
            }
        if case .name = source { isEndless = true } else { isEndless = false }
        url = "\(ServerAddress.web(server))\(path)"
        self.token = token
        self.trustedRoots = trustedRoots
    }

    private static func escaped(_ text: String) -> String {
        let plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
        return text.addingPercentEncoding(withAllowedCharacters: CharacterSet(charactersIn: plain)) ?? ""
    }

    /// Reads until the session is over, or for ever where it is a name; comes back when the connection breaks.
    ///
    /// - Throws: ``Refusal``, or `CancellationError`.
    package func run(_ take: @escaping @Sendable (News) async -> Void) async throws {
        var configuration = HTTPClient.Configuration(timeout: .init(connect: .seconds(10), read: Self.silence))
        configuration.tlsConfiguration = try trustedRoots.clientConfiguration()
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            try await read(with: client, take)
        } catch {
            try? await client.shutdown()
            throw error
        }
        try await client.shutdown()
    }

    private func read(with client: HTTPClient, _ take: @escaping @Sendable (News) async -> Void) async throws {
        var backoff = Backoff(initial: .milliseconds(500), maximum: .seconds(10))
        var (last, isLost) = (String?.none, false)
        while true {
            do {
                var request = HTTPClientRequest(url: url)
                request.headers.add(name: "Accept", value: "text/event-stream")
                if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
                if let last { request.headers.add(name: "Last-Event-ID", value: last) }
                let response = try await client.execute(request, deadline: .distantFuture)
                try await check(response)
                await take(.connected)
                (isLost, backoff) = (false, Backoff(initial: .milliseconds(500), maximum: .seconds(10)))
                var parser = EventParser()
                for try await piece in response.body {
                    for event in parser.push(piece.readableBytesView) {
                        last = event.id ?? last
                        if await pass(event, to: take), !isEndless { return }
                    }
                }
                throw Refusal(message: "the server has ended the events", isPassing: true)
            } catch let refusal as Refusal where !refusal.isPassing {
                throw refusal
            } catch {
                try Task.checkCancellation()
                if !isLost { await take(.lost("\(error)")) }
                isLost = true
            }
            try await Task.sleep(for: backoff.next())
        }
    }

    /// - Returns: whether the session is over.
    private func pass(_ event: EventParser.Event, to take: @Sendable (News) async -> Void) async -> Bool {
        struct Beginning: Decodable {
            let type: String
            let session: String?
        }
        guard let head = try? JSONDecoder().decode(Beginning.self, from: Data(event.data.utf8)) else { return false }
        if head.type == "session", let session = head.session {
            await take(.session(session))
        } else if let message = try? SoriProtocol.decode(ServerMessage.self, from: event.data) {
            await take(.message(message))
            if case .finished = message { return true }
        }
        return false
    }

    /// - Throws: ``Refusal``.
    private func check(_ response: HTTPClientResponse) async throws {
        guard response.status != .ok else { return }
        let body = try? await response.body.collect(upTo: 1 << 14)
        let line = body.map { String(buffer: $0) }?.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        let message = line.isEmpty ? "\(response.status)" : line
        let isPassing = ![400, 401, 403, 404, 421].contains(response.status.code)
        throw Refusal(message: "the server says: \(message)", isPassing: isPassing)
    }
}
