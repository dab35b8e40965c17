/// Decides what to write when progress is made: a value, so that it can be tried without a terminal or a clock.
public struct ProgressPainter: Sendable {
    /// Where the progress is shown.
    public enum Style: Sendable, Equatable {
        /// One line that is drawn again and again.
        case live(isColoured: Bool)
        /// A line at 0, 25, 50, 75 and 100 %.
        case lines
        /// Nothing.
        case quiet
    }

    /// Where the progress is shown.
    public let style: Style

    private var lastDrawn: Double?
    private var lastQuarter: Int?
    private var lineIsShown = false

    /// Erases the terminal's current line and puts the cursor at its start.
    private static let erase = "\r\u{1B}[2K"
    /// Seconds from one drawing to the next.
    private static let interval = 0.1

    /// Creates a painter that has drawn nothing.
    public init(style: Style) {
        self.style = style
    }

    /// What to write for a state, or `nil` when it is too soon or changes nothing. `width` is the terminal's.
    public mutating func draw(_ state: ProgressState, width: Int) -> String? {
        switch style {
        case .quiet: return nil
        case .lines: return quarterLine(state)
        case .live(let isColoured):
            if let lastDrawn, state.elapsed - lastDrawn < Self.interval { return nil }
            lastDrawn = state.elapsed
            lineIsShown = true
            // The last column stays free: many terminals wrap when it is written.
            return Self.erase + state.bar(width: max(width - 1, 1), isColoured: isColoured)
        }
    }

    /// What to write for a line of text that shall stand above the progress; the next drawing comes at once.
    public mutating func message(_ text: String) -> String {
        stepAside() + text + "\n"
    }

    /// What to write before others write to the same terminal; the next drawing comes at once.
    public mutating func stepAside() -> String {
        lastDrawn = nil
        return clear()
    }

    /// What to write at the end: a live line is erased.
    public mutating func finish(_ state: ProgressState) -> String? {
        style == .lines ? quarterLine(state) : clear()
    }

    private mutating func clear() -> String {
        defer { lineIsShown = false }
        return lineIsShown ? Self.erase : ""
    }

    private mutating func quarterLine(_ state: ProgressState) -> String? {
        let quarter = Int((state.fraction ?? 0) * 4)
        if let lastQuarter, quarter <= lastQuarter { return nil }
        lastQuarter = quarter
        return state.line + "\n"
    }
}
