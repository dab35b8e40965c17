internal import Locks
package import Logging
internal import WebSockets

/// Keeps OBS up to date with a board of captions, over any number of connections.
package struct OBSConnection: Sendable {
    /// How often the board is looked at.
    private static let interval = Duration.milliseconds(100)
    /// Short: it is a program on this machine that is opened.
    private static let backoff = Backoff(initial: .milliseconds(500), maximum: .seconds(4))

    private let address: String
    private let link: @Sendable () -> OBSLink
    private let board: SharedBoard
    private let logger: Logger

    /// - Parameters:
    ///   - address: of obs-websocket, such as `ws://localhost:4455`.
    ///   - link: makes a new link for each connection.
    package init(
        address: String, board: SharedBoard, logger: Logger, link: @escaping @Sendable () -> OBSLink
    ) {
        self.address = address
        self.board = board
        self.link = link
        self.logger = logger
    }

    /// Connects, again and again, until the task is cancelled.
    ///
    /// - Parameters:
    ///   - onRemark: told what people should know.
    ///   - onLost: told in one line that there is no connection and why, once until there is one again.
    /// - Throws: ``OBSError`` for what only a person can mend.
    package func run(
        onRemark: @escaping @Sendable (OBSLink.Remark) -> Void, onLost: @escaping @Sendable (String) -> Void
    ) async throws {
        var backoff = Self.backoff
        var isLost = false
        while !Task.isCancelled {
            let wasReady = Guarded(false)
            do {
                try await connect { remark in
                    if remark == .connected { wasReady.withLock { $0 = true } }
                    onRemark(remark)
                }
            } catch let error as OBSError {
                throw error
            } catch {
                try Task.checkCancellation()
                if wasReady.withLock(\.self) { (backoff, isLost) = (Self.backoff, false) }
                if !isLost { onLost("OBS is not there yet: \(error); it is tried again") }
                isLost = true
            }
            try await Task.sleep(for: backoff.next())
        }
    }

    private func connect(onRemark: @escaping @Sendable (OBSLink.Remark) -> Void) async throws {
        let link = SharedLink(link())
        try await WebSocketClient.connect(url: address, subprotocols: ["obswebsocket.json"], logger: logger) {
            inbound, outbound in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for try await message in inbound {
                        guard case .text(let text) = message else { continue }
                        let (reply, remark) = try link.receive(text)
                        if let remark { onRemark(remark) }
                        if let reply { try await outbound.write(reply) }
                    }
                    if let error = OBSError(closeCode: inbound.close?.code.rawValue, address: address) { throw error }
                    throw WebSocketError(.connectionLost, "OBS at \(address) has closed the connection")
                }
                group.addTask {
                    while true {
                        for message in link.update(from: board) { try await outbound.write(message) }
                        try await Task.sleep(for: Self.interval)
                    }
                }
                defer { group.cancelAll() }
                try await group.next()
            }
        }
    }
}

/// A board that one task writes and another one reads.
package final class SharedBoard: Sendable {
    private let board: Guarded<CaptionBoard>

    package init(_ board: CaptionBoard) { self.board = Guarded(board) }

    package func withBoard<Result: Sendable>(_ body: (inout CaptionBoard) -> Result) -> Result {
        board.withLock { body(&$0) }
    }
}

private final class SharedLink: Sendable {
    private let link: Guarded<OBSLink>

    init(_ link: OBSLink) { self.link = Guarded(link) }

    func receive(_ text: String) throws(OBSError) -> (reply: String?, remark: OBSLink.Remark?) {
        try link.withLock { (link) throws(OBSError) in try link.receive(text) }
    }

    func update(from board: SharedBoard) -> [String] {
        let (text, captions) = board.withBoard { ($0.text(at: .now), $0.takeCaptions()) }
        return link.withLock { $0.update(text: text, captions: captions) }
    }
}
