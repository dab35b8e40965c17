/// A line of the terminal.
struct TerminalRow: Sendable, Equatable {
    /// The text, with escapes for its looks.
    var text = ""
    /// The columns that it takes.
    var width = 0

    /// Adds text in a style, given as the number of its escape; none is plain.
    mutating func add(_ piece: String, style: Int? = nil) {
        guard !piece.isEmpty else { return }
        text += style.map { "\u{1B}[\($0)m\(piece)\u{1B}[0m" } ?? piece
        width += piece.displayWidth
    }
}

extension LiveCaption {
    private enum Style {
        static let dim = 2
        static let red = 31
        static let green = 32
        static let yellow = 33
    }

    /// The lines to show, none wider than `columns`, the last of them the status. Where they are too many, the first go.
    func rows(columns: Int, maximum: Int, isColoured: Bool) -> [TerminalRow] {
        let texts = utterances.flatMap { Self.rows(of: $0, columns: columns, isColoured: isColoured) }
        return texts.suffix(max(maximum - 1, 0)) + [status(columns: columns, isColoured: isColoured)]
    }

    private static func rows(of utterance: Utterance, columns: Int, isColoured: Bool) -> [TerminalRow] {
        let stable = utterance.stable.printable
        let text = Array((stable + utterance.tentative.printable).drop(while: \.isWhitespace))
        guard !text.isEmpty else { return [] }
        let border = stable.drop(while: \.isWhitespace).count
        return TextWrapping.lines(text, columns: columns).map { line in
            var row = TerminalRow()
            let split = min(max(border, line.lowerBound), line.upperBound)
            row.add(String(text[line.lowerBound..<split]))
            row.add(String(text[split..<line.upperBound]), style: isColoured ? Style.dim : nil)
            return row
        }
    }

    private func status(columns: Int, isColoured: Bool) -> TerminalRow {
        var row = TerminalRow()
        let (sign, colour) = sign
        let parts = [(sign, colour), (" " + words, nil)] + meter + [("  " + clock, nil)]
        let tail = hint.map { [("  " + $0.printable, Style.yellow)] } ?? []
        // What does not fit is left out from the right; the last of it is shortened.
        for (text, style) in parts + tail {
            let room = columns - row.width
            guard room > 0 else { break }
            let isWhole = text.displayWidth <= room
            row.add(isWhole ? text : text.prefixFitting(room - 1) + "…", style: isColoured ? style : nil)
            guard isWhole else { break }
        }
        return row
    }

    private var sign: (String, Int?) {
        switch state {
        case .listening, .finishing: ("●", Style.green)
        case .connecting, .reconnecting, .waiting: ("○", Style.yellow)
        }
    }

    private var words: String {
        switch state {
        case .connecting: "connecting…"
        case .listening: "listening"
        case .finishing: "writing the last words… (Ctrl-C again to stop)"
        case .reconnecting(nil): "reconnecting…"
        case .reconnecting(let seconds?): "reconnecting in \(seconds) s…"
        case .waiting(nil): "waiting for a free place…"
        case .waiting(let seconds?): "waiting for a free place, next try in \(seconds) s…"
        }
    }

    /// Decibels at which the meter begins, and beyond which sound is as good as clipped.
    private static let quiet: Float = -50
    private static let loud: Float = -1
    private static let meterColumns = 10

    private var meter: [(String, Int?)] {
        guard let level, state != .finishing else { return [] }
        let share = min(max((level - Self.quiet) / -Self.quiet, 0), 1)
        let full = Int((share * Float(Self.meterColumns)).rounded())
        let bar = String(repeating: "▮", count: full)
        let rest = String(repeating: "▯", count: Self.meterColumns - full)
        return [("  ", nil), (bar, level > Self.loud ? Style.red : Style.green), (rest, Style.dim)]
    }

    private var clock: String {
        let whole = Int(min(max(seconds, 0), 3_600_000))
        let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return hours > 0 ? "\(hours):\(two(minutes)):\(two(rest))" : "\(minutes):\(two(rest))"
    }
}
