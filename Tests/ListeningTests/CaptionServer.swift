import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle
import SoriProtocol
import Synchronization
import WebSockets

let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// A server on the loopback interface that speaks the protocol. Each second of sound becomes a final with the number of
/// samples in it as its text.
final class CaptionServer: Sendable {
    private struct State {
        var sound: [UInt8] = []
        var starts: [ClientMessage.Start] = []
        var finalCount = 0
        var framesUntilCut: Int
    }

    /// Bytes of a second: µ-law at 8 kHz.
    static let format = AudioFormat(encoding: .pcmMuLaw, sampleRate: 8_000, channels: 1)
    private static let second = format.bytesPerSecond

    private let state: Mutex<State>
    private let cutEvery: Int
    private let token: String?

    /// - Parameters:
    ///   - cutEvery: frames of sound after which each connection breaks.
    ///   - token: without which clients are sent away.
    init(cutEvery: Int = .max, token: String? = nil) {
        self.cutEvery = cutEvery
        self.token = token
        state = Mutex(State(framesUntilCut: cutEvery))
    }

    /// The sound that came.
    var sound: [UInt8] { state.withLock { $0.sound } }
    /// The first messages of the connections that came.
    var starts: [ClientMessage.Start] { state.withLock { $0.starts } }

    /// Runs the server as long as the body, which gets its address.
    func run<Output: Sendable>(_ body: @Sendable (String) async throws -> Output) async throws -> Output {
        let running = AsyncStream<Int>.makeStream()
        let upgrade: WebSocketUpgradeChannel.ShouldUpgrade = { handshake in
            guard self.token == nil || handshake.head.headerFields[.authorization] == self.token.map({ "Bearer \($0)" })
            else { return .refuse(.unauthorized) }
            return .accept(handler: { try await self.converse($0, $1) })
        }
        let application = Application(
            router: Router(), server: .http1WebSocket(shouldUpgrade: upgrade),
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { running.continuation.yield($0.localAddress?.port ?? 0) }, logger: quiet)
        let services = ServiceGroup(configuration: .init(services: [application], logger: quiet))
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
            var ports = running.stream.makeAsyncIterator()
            let port = await ports.next() ?? 0
            let result: Result<Output, any Error>
            do { result = .success(try await body("ws://127.0.0.1:\(port)/v1/listen")) } catch {
                result = .failure(error)
            }
            await services.triggerGracefulShutdown()
            try await group.waitForAll()
            return try result.get()
        }
    }

    private func converse(_ inbound: WebSocketInbound, _ outbound: WebSocketOutbound) async throws {
        for try await message in inbound {
            let (replies, isOver) = try state.withLock { try Self.answer(message, &$0, cutEvery) }
            for reply in replies { try await outbound.write(SoriProtocol.encode(reply)) }
            if isOver { return }
        }
    }

    private static func answer(
        _ message: WebSocketMessage, _ state: inout State, _ cutEvery: Int
    ) throws -> (replies: [ServerMessage], isOver: Bool) {
        switch message {
        case .binary(let bytes):
            state.sound += Array(buffer: bytes)
            state.framesUntilCut -= 1
            return (finals(&state), state.framesUntilCut <= 0)
        case .text(let text):
            switch try SoriProtocol.decode(ClientMessage.self, from: text) {
            case .start(let start):
                state.framesUntilCut = cutEvery
                state.starts.append(start)
                let ready = ServerMessage.ready(
                    .init(session: "s", resumeToken: "t", resumeAt: state.sound.count, policy: .alignatt))
                let known = start.session == nil ? 0 : start.lastFinal.map { $0 + 1 } ?? 0
                return ([ready] + (known..<max(known, state.finalCount)).map { final($0, second) }, false)
            case .finish:
                var replies = finals(&state)
                let rest = state.sound.count % second
                if rest > 0 {
                    replies.append(final(state.finalCount, rest))
                }
                return (replies + [.finished(.init(samples: state.sound.count))], true)
            case .configure, .flush: return ([], false)
            }
        }
    }

    private static func finals(_ state: inout State) -> [ServerMessage] {
        var messages: [ServerMessage] = []
        while (state.finalCount + 1) * second <= state.sound.count {
            messages.append(final(state.finalCount, second))
            state.finalCount += 1
            messages.append(.ack(.init(samples: state.finalCount * second)))
        }
        return messages
    }

    private static func final(_ number: Int, _ count: Int) -> ServerMessage {
        let start = Double(number)
        return .final(
            .init(
                utterance: number, text: "\(count)", words: [], start: start,
                end: start + Double(count) / Double(second), language: "ko", confidence: 1))
    }
}
