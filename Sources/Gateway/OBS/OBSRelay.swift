internal import Locks
package import Logging
internal import OBS
internal import SoriProtocol

/// Shows the captions of one name in OBS, for as long as administrators want it.
package final class OBSRelay: Sendable {
    /// Within which OBS empties the source when it is switched off: it is told every 0.1 s.
    private static let farewell = Duration.milliseconds(300)

    private struct State {
        var link: OBSSettings.Link
        var phase = AdminOBS.Phase.off
        var message: String?
    }

    private let settings: OBSSettings
    private let registry: SessionRegistry
    private let logger: Logger
    private let state: Guarded<State>
    /// Rings when it is to be done otherwise.
    private let bell: AsyncStream<Void>
    private let ringer: AsyncStream<Void>.Continuation

    /// - Parameter registry: has the sessions, or knows where they are.
    package init(_ settings: OBSSettings, registry: SessionRegistry, logger: Logger) {
        self.settings = settings
        self.registry = registry
        self.logger = logger
        state = Guarded(State(link: settings.link))
        (bell, ringer) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// What administrators see.
    var told: AdminOBS {
        state.withLock { state in
            AdminOBS(
                address: settings.address, isOn: state.link.isOn, name: state.link.name, source: state.link.source,
                stream: state.link.sendsCaptions, show: state.link.shown.rawValue, phase: state.phase,
                message: state.message)
        }
    }

    /// Does it otherwise from now on; also tries again where only a person could mend what was wrong.
    ///
    /// - Throws: ``Fault`` for what cannot be done; everything stays as it was.
    func change(_ change: AdminOBSChange) throws(Fault) {
        var shown: CaptionBoard.Shown?
        if let text = change.show {
            guard let known = CaptionBoard.Shown(rawValue: text) else {
                throw Fault(message: "'show' must be original, translation or both")
            }
            shown = known
        }
        try state.withLock { (state) throws(Fault) in
            var link = state.link
            link.isOn = change.isOn ?? link.isOn
            link.name = change.name ?? link.name
            link.source = change.source ?? link.source
            link.sendsCaptions = change.stream ?? link.sendsCaptions
            link.shown = shown ?? link.shown
            if let fault = link.fault { throw Fault(message: fault) }
            state.link = link
        }
        ringer.yield()
    }

    /// Why a change cannot be made.
    struct Fault: Error {
        let message: String
    }

    /// Keeps OBS up to date until the task is cancelled.
    func run() async {
        var changes = bell.makeAsyncIterator()
        while !Task.isCancelled {
            let link = state.withLock(\.link)
            let board = SharedBoard(CaptionBoard(boardSettings(link)))
            set(link.isOn ? .waiting : .off)
            await withTaskGroup(of: Void.self) { group in
                if link.isOn { group.addTask { await self.relay(link, board) } }
                _ = await changes.next()
                if link.isOn, state.withLock({ $0.phase == .connected }) {
                    board.withBoard { $0.clear() }
                    try? await Task.sleep(for: Self.farewell)
                }
                group.cancelAll()
            }
        }
    }

    private func boardSettings(_ link: OBSSettings.Link) -> CaptionBoard.Settings {
        var board = settings.board
        board.shown = link.shown
        return board
    }

    private func relay(_ link: OBSSettings.Link, _ board: SharedBoard) async {
        guard let name = SessionName(link.name) else { return }
        let connection = OBSConnection(address: settings.address, board: board, logger: logger) { [settings] in
            OBSLink(
                password: settings.password, source: link.source.isEmpty ? nil : link.source,
                sendsCaptions: link.sendsCaptions)
        }
        board.withBoard { $0.connected(at: .now) }
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await NamedEvents(name: name, registry: self.registry, last: nil).run { news in
                    switch news {
                    case .session: board.withBoard { $0.begin() }
                    case .message(let message, _): board.withBoard { $0.take(message, at: .now) }
                    }
                }
            }
            group.addTask {
                do {
                    try await connection.run(
                        onRemark: { self.take($0) }, onLost: { self.set(.waiting, $0) })
                } catch let error as OBSError {
                    self.set(.failed, error.message)
                } catch {}
            }
        }
    }

    private func take(_ remark: OBSLink.Remark) {
        if case .connected = remark { set(.connected) } else { set(.connected, remark.text) }
    }

    private func set(_ phase: AdminOBS.Phase, _ message: String? = nil) {
        let isNew = state.withLock { state in
            defer { (state.phase, state.message) = (phase, message) }
            return (state.phase, state.message) != (phase, message)
        }
        guard isNew, phase != .off else { return }
        logger.info("OBS", metadata: ["phase": "\(phase)", "message": "\(message ?? "")"])
    }
}
