public import Foundation
import Synchronization

/// Shows on standard error how far some work has come. Any thread may report.
public final class ProgressBar: Sendable {
    private struct Shown: Sendable {
        var state: ProgressState
        var painter: ProgressPainter
        var isFinished = false
    }

    private let shown: Mutex<Shown>
    private let start = ContinuousClock.now

    /// Shows a state, and from then on what becomes of it.
    public init(_ state: ProgressState, style: ProgressPainter.Style = .forStandardError()) {
        shown = Mutex(Shown(state: state, painter: ProgressPainter(style: style)))
        update { _ in }
    }

    /// Changes the state, for example `bar.update { $0.completed += 30 }`, and draws it if it is time. The elapsed time
    /// is kept by the bar.
    public func update(_ change: (inout ProgressState) -> Void) {
        shown.withLock { shown in
            change(&shown.state)
            guard !shown.isFinished else { return }
            shown.state.elapsed = elapsed
            Self.write(shown.painter.draw(shown.state, width: StandardError.width))
        }
    }

    /// Writes a line above the bar, for example a warning.
    public func message(_ text: String) {
        shown.withLock { shown in
            Self.write(shown.painter.message(text))
            guard !shown.isFinished else { return }
            Self.write(shown.painter.draw(shown.state, width: StandardError.width))
        }
    }

    /// Takes the bar away while `body` writes whole lines, perhaps to the same terminal. `body` must not report to this
    /// bar.
    public func steppingAside<Failure>(_ body: () throws(Failure) -> Void) throws(Failure) {
        try shown.withLock { shown throws(Failure) in
            Self.write(shown.painter.stepAside())
            try body()
            guard !shown.isFinished else { return }
            Self.write(shown.painter.draw(shown.state, width: StandardError.width))
        }
    }

    /// Takes the bar away; later updates show nothing.
    public func finish() {
        shown.withLock { shown in
            guard !shown.isFinished else { return }
            shown.isFinished = true
            shown.state.elapsed = elapsed
            Self.write(shown.painter.finish(shown.state))
        }
    }

    private var elapsed: Double {
        (ContinuousClock.now - start) / .seconds(1)
    }

    private static func write(_ text: String?) {
        guard let text, !text.isEmpty else { return }
        // Progress is a courtesy: where nobody listens any more, the work goes on.
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }
}

/// What is known about standard error.
public enum StandardError {
    /// Whether a terminal shows it.
    public static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Columns of the terminal now; 80 where it does not tell.
    public static var width: Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }
}

extension ProgressPainter.Style {
    /// The style that suits standard error: nothing when `isQuiet`, plain lines when it is not a terminal that can
    /// redraw, no colour when the environment has `NO_COLOR` (https://no-color.org).
    public static func forStandardError(
        isQuiet: Bool = false, isTerminal: Bool = StandardError.isTerminal,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> ProgressPainter.Style {
        if isQuiet { return .quiet }
        guard isTerminal, environment["TERM"] != "dumb" else { return .lines }
        return .live(isColoured: environment["NO_COLOR", default: ""].isEmpty)
    }
}
