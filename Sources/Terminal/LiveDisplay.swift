public import Foundation
import Synchronization

/// Shows captions on a terminal. Any thread may report.
public final class LiveDisplay: Sendable {
    private struct Shown: Sendable {
        var caption = LiveCaption()
        var painter: LivePainter
        var isFinished = false
    }

    private let output: TerminalOutput
    private let shown: Mutex<Shown>

    /// Creates a display; nothing is shown until the first report.
    public init(_ output: TerminalOutput, environment: [String: String] = ProcessInfo.processInfo.environment) {
        self.output = output
        let isColoured = environment["NO_COLOR", default: ""].isEmpty
        shown = Mutex(Shown(painter: LivePainter(isColoured: isColoured)))
    }

    /// Changes what is shown, and draws it if it is different. Texts that are final go above, and stay.
    ///
    /// - Throws: ``OutputError`` when the terminal takes nothing any more.
    public func update(
        finals: [String] = [], _ change: (inout LiveCaption) -> Void = { _ in }
    ) throws(OutputError) {
        try shown.withLock { shown throws(OutputError) in
            change(&shown.caption)
            guard !shown.isFinished else { return }
            try output.write(shown.painter.draw(shown.caption, finals: finals, size: output.size))
        }
    }

    /// Takes away what may change; later updates show nothing.
    public func finish() {
        shown.withLock { shown in
            guard !shown.isFinished else { return }
            shown.isFinished = true
            // A terminal that is gone need not be left as it was.
            try? output.write(shown.painter.finish(size: output.size))
        }
    }
}

/// A stream of the process that may be a terminal.
public enum TerminalOutput: Sendable {
    /// Where results go.
    case standardOutput
    /// Where remarks go.
    case standardError

    private var handle: FileHandle {
        self == .standardOutput ? .standardOutput : .standardError
    }

    /// Whether a terminal shows it that can rewrite what it shows.
    public var isLive: Bool {
        isatty(handle.fileDescriptor) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    }

    /// The terminal's size now; 80 columns and 24 lines where it does not tell.
    public var size: LivePainter.Size {
        var size = winsize()
        guard ioctl(handle.fileDescriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return LivePainter.Size(columns: 80, rows: 24)
        }
        return LivePainter.Size(columns: Int(size.ws_col), rows: Int(size.ws_row))
    }

    /// Writes text in one piece.
    ///
    /// - Throws: ``OutputError`` when not all of it could be written.
    public func write(_ text: String) throws(OutputError) {
        try StandardOutput.write(Data(text.utf8), to: handle.fileDescriptor)
    }
}
