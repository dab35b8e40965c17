import Audio
import Foundation
import Listening
import SoriProtocol
import Terminal

/// Where it goes what is heard: a terminal, lines of text or JSON, and files.
actor ListenOutput {
    /// How often the meter and the clock of a terminal move.
    static let beat = Duration.milliseconds(100)

    private enum Form {
        case display(LiveDisplay)
        case lines
        case json
    }

    private let form: Form
    /// Whether texts go to standard output besides.
    private let writesText: Bool
    private let start: ContinuousClock.Instant
    private var files: [TranscriptFile]
    private var status = LiveStatus.connecting
    private var silence: SilenceWatch?
    private var notice: String?

    /// Whether a file could not be written.
    private(set) var hasFailed = false
    /// Why standard output takes nothing more, if so: then there is nothing left to listen for.
    private(set) var failure: OutputError?

    /// - Parameter silence: says so when no sound comes at all.
    init(isJSON: Bool, files: [TranscriptFile], silence: SilenceWatch?, since start: ContinuousClock.Instant) {
        let isTerminal = TerminalOutput.standardOutput.isLive
        if isJSON {
            form = .json
        } else if isTerminal {
            form = .display(LiveDisplay(.standardOutput))
        } else if TerminalOutput.standardError.isLive {
            form = .display(LiveDisplay(.standardError))
        } else {
            form = .lines
        }
        writesText = !isJSON && !isTerminal
        self.silence = silence
        self.files = files
        self.start = start
    }

    /// Shows and writes what has happened.
    func take(_ event: LiveEvent) {
        if case .json = form { put(event.json(at: now)) }
        switch event {
        case .status(let status): change(to: status)
        case .opened:
            display { $0.removeUtterances() }
            write { try $0.begin() }
        case .partial(let partial):
            display {
                $0.show(.init(number: partial.utterance, stable: partial.stable, tentative: partial.tentative))
            }
        case .final(let final): take(final)
        case .translation(let translation): if !translation.text.isEmpty { add("→ " + translation.text) }
        case .notice(let message): take(message)
        case .problem(let failure): remark("the server says: \(failure.message)")
        case .lost(let from, let to, _):
            remark("no captions from \(Self.rounded(from)) s to \(Self.rounded(to)) s: the sound was lost")
            write { try $0.appendGap(from: from, to: to) }
        case .overflow(let count):
            remark("sound was lost \(count) \(count == 1 ? "time" : "times"): this machine is too busy")
        case .speech, .flushed, .finished: break
        }
    }

    /// Moves the meter and the clock.
    func show(_ glimpse: LiveClient.Glimpse) {
        // Also while nobody speaks: a reader that has gone is not noticed by writing then.
        if failure == nil, !StandardOutput.hasReader { failure = .readerHasGone }
        silence?.heard(glimpse.peakDecibels, at: glimpse.seconds, now: now / .seconds(1))
        // Where there is no line for hints, it is said once.
        if let news = silence?.news() {
            if case .display = form {} else { complain(news) }
        }
        let (state, hint) = (state, hint)
        display { caption in
            // Recordings come in larger pieces than the meter moves.
            if let level = glimpse.peakDecibels { caption.level = level }
            caption.seconds = glimpse.seconds
            caption.state = state
            caption.hint = hint
        }
    }

    /// Leaves the terminal as it was, below the text.
    func finish() {
        if case .display(let display) = form { display.finish() }
    }

    private func take(_ final: ServerMessage.Final) {
        add(final.text) { $0.remove(final.utterance) }
        write { try $0.append(final) }
    }

    /// A line of what was said, which stays.
    private func add(_ text: String, _ change: (inout LiveCaption) -> Void = { _ in }) {
        display(finals: text.isEmpty ? [] : [text], change)
        guard writesText, !text.isEmpty else { return }
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        put(line.trimmingCharacters(in: .whitespaces) + "\n")
    }

    private func take(_ message: ServerMessage.Notice) {
        notice = message.code == .captionsOnTime ? nil : message.message
        if case .lines = form { complain(message.message) }
    }

    private func change(to status: LiveStatus) {
        self.status = status
        let (state, hint) = (state, hint)
        display { caption in
            caption.state = state
            caption.hint = hint
        }
        guard case .lines = form else { return }
        switch status {
        case .reconnecting(let at?, let reason), .waiting(let at, let reason):
            complain("\(reason.problem); trying again" + (seconds(until: at).map { " in \($0) s" } ?? ""))
        case .connecting, .listening, .finishing, .reconnecting(nil, _): break
        }
    }

    /// A line for the user that stays.
    func remark(_ text: String) {
        let text = FileName.shown(text)
        switch form {
        case .display: display(finals: ["[\(text)]"])
        case .lines: complain(text)
        case .json: complain(text)
        }
    }

    private func display(finals: [String] = [], _ change: (inout LiveCaption) -> Void = { _ in }) {
        guard case .display(let display) = form else { return }
        attempt { () throws(OutputError) in
            do throws(OutputError) {
                try display.update(finals: finals, change)
            } catch {
                // What is shown on standard error is only a help: the text goes on without.
                if !writesText { throw error }
            }
        }
    }

    /// Writes to standard output.
    private func put(_ text: String) {
        attempt { () throws(OutputError) in try StandardOutput.write(text) }
    }

    private func attempt(_ write: () throws(OutputError) -> Void) {
        guard failure == nil else { return }
        do { try write() } catch { failure = error }
    }

    /// A file that cannot be written is complained about once; the others go on.
    private func write(_ append: (inout TranscriptFile) throws -> Void) {
        for index in files.indices.reversed() {
            do {
                try append(&files[index])
            } catch {
                files.remove(at: index)
                hasFailed = true
                if case .display = form { remark("\(error)") } else { complain("\(error)") }
            }
        }
    }

    private var state: LiveCaption.State {
        switch status {
        case .connecting: .connecting
        case .listening: .listening
        case .finishing: .finishing
        case .reconnecting(let at, _): .reconnecting(seconds: at.flatMap(seconds(until:)))
        case .waiting(let at, _): .waiting(seconds: seconds(until: at))
        }
    }

    private var hint: String? {
        switch status {
        case .reconnecting(_, let reason), .waiting(_, let reason): reason.problem
        case .connecting, .listening, .finishing: notice ?? silence?.hint
        }
    }

    private var now: Duration { ContinuousClock.now - start }

    /// Whole seconds until then, or nil if that is now.
    private func seconds(until time: Duration) -> Int? {
        let seconds = Int(((time - now) / .seconds(1)).rounded(.up))
        return seconds > 0 ? seconds : nil
    }

    private static func rounded(_ seconds: Double) -> Double {
        (seconds * 10).rounded() / 10
    }
}

extension String {
    /// What is wrong, without the advice behind it: what there is to do is done already.
    fileprivate var problem: String {
        String(prefix { $0 != ";" })
    }
}
