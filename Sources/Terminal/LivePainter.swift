/// Decides what to write so that a terminal shows final text, and below it what may still change: a value, so that it
/// can be tried without a terminal.
///
/// What may change is rewritten in place, in one piece and without being erased first, so that nothing flickers.
public struct LivePainter: Sendable {
    /// The size of a terminal.
    public struct Size: Sendable, Equatable {
        /// Columns of a line.
        public var columns: Int
        /// Lines.
        public var rows: Int

        /// Creates a size.
        public init(columns: Int, rows: Int) {
            self.columns = columns
            self.rows = rows
        }
    }

    private let isColoured: Bool
    /// The lines that may change, as they were last drawn. The cursor stands behind the last.
    private var shown: [TerminalRow] = []
    private var size: Size?

    private static let eraseRestOfLine = "\u{1B}[K"
    private static let eraseBelow = "\u{1B}[J"

    /// Creates a painter that has drawn nothing.
    ///
    /// - Parameter isColoured: whether colours and dim text may be used.
    public init(isColoured: Bool) {
        self.isColoured = isColoured
    }

    /// What to write to show final texts, which stay, and the caption below them; empty when nothing has changed.
    public mutating func draw(_ caption: LiveCaption, finals: [String] = [], size: Size) -> String {
        // The last column stays free: many terminals wrap when it is written.
        let columns = max(size.columns - 1, 2)
        let rows = caption.rows(columns: columns, maximum: max(size.rows - 1, 1), isColoured: isColoured)
        guard rows != shown || !finals.isEmpty || size != self.size else { return "" }
        let above = finals.flatMap { Self.wrap($0, columns: columns) }
        let text = toTop(size) + (above + rows.map(\.text)).joined(separator: Self.eraseRestOfLine + "\r\n")
        shown = rows
        self.size = size
        return text + Self.eraseBelow
    }

    /// What to write at the end: what may change is erased.
    public mutating func finish(size: Size) -> String {
        guard !shown.isEmpty else { return "" }
        defer { shown = [] }
        return toTop(size) + Self.eraseBelow
    }

    /// Moves the cursor to the first line that may change. Lines that have become too wide for a terminal that was made
    /// narrower are broken by it.
    private func toTop(_ size: Size) -> String {
        let lines = shown.reduce(0) { $0 + max(($1.width + size.columns - 1) / max(size.columns, 1), 1) }
        // Of what was pushed out at the top, nothing can be reached.
        let up = min(lines, max(size.rows, 1)) - 1
        return "\r" + (up > 0 ? "\u{1B}[\(up)A" : "")
    }

    private static func wrap(_ text: String, columns: Int) -> [String] {
        let text = Array(text.printable.drop(while: \.isWhitespace))
        guard !text.isEmpty else { return [] }
        return TextWrapping.lines(text, columns: columns).map { String(text[$0]) }
    }
}
