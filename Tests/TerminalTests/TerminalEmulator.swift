import Terminal

/// As much of a terminal as the painter uses: what a user sees after all that was written. A sequence that it does not
/// know stays visible, so that a test fails.
struct TerminalEmulator {
    private(set) var columns: Int
    let rows: Int
    /// The lines on the screen and those that have left it at the top; `nil` is the right half of a wide character.
    private var lines: [[Cell]] = [[]]
    private var row = 0
    private var column = 0
    private var style = ""

    struct Cell: Equatable {
        var character: Character?
        var style = ""
        static let blank = Cell(character: " ")
    }

    init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
    }

    /// Every line, without spaces at its end.
    var text: [String] {
        lines.map { line in
            var text = String(line.compactMap(\.character))
            while text.last == " " { text.removeLast() }
            return text
        }
    }

    /// The characters that are in a style, such as `2` for dim.
    func text(inStyle style: String) -> String {
        String(lines.joined().filter { $0.style == style }.compactMap(\.character))
    }

    mutating func write(_ text: String) {
        var rest = Array(text)[...]
        while let character = rest.popFirst() {
            switch character {
            case "\r\n":
                column = 0
                lineFeed()
            case "\r": column = 0
            case "\n": lineFeed()
            case "\u{1B}": escape(&rest)
            default: put(character)
            }
        }
    }

    /// Makes the terminal narrower or wider: lines that do not fit any more are broken, as most terminals do.
    mutating func resize(columns new: Int) {
        var broken: [[Cell]] = []
        for (index, line) in lines.enumerated() {
            if index == row {
                let last = max(line.count - 1, 0) / new
                row = broken.count + min(column / new, last)
                column = min(column, line.count) - (row - broken.count) * new
                broken += stride(from: 0, to: max(line.count, 1), by: new).map {
                    Array(line[$0..<min($0 + new, line.count)])
                }
            } else {
                broken += stride(from: 0, to: max(line.count, 1), by: new).map {
                    Array(line[$0..<min($0 + new, line.count)])
                }
            }
        }
        lines = broken
        columns = new
    }

    private var top: Int { max(lines.count - rows, 0) }

    private mutating func lineFeed() {
        row += 1
        if row == lines.count { lines.append([]) }
    }

    private mutating func put(_ character: Character) {
        let width = character.displayWidth
        if column + width > columns {
            column = 0
            lineFeed()
        }
        while lines[row].count < column + width { lines[row].append(.blank) }
        lines[row][column] = Cell(character: character, style: style)
        for offset in 1..<max(width, 1) { lines[row][column + offset] = Cell(character: nil, style: style) }
        column += width
    }

    private mutating func escape(_ rest: inout ArraySlice<Character>) {
        guard rest.first == "[" else { return put("?") }
        rest.removeFirst()
        let number = String(rest.prefix { $0.isNumber })
        rest.removeFirst(number.count)
        switch rest.popFirst() {
        case "A": row = max(row - (Int(number) ?? 1), top)
        case "K": lines[row].removeLast(max(lines[row].count - column, 0))
        case "J":
            lines[row].removeLast(max(lines[row].count - column, 0))
            lines.removeLast(lines.count - row - 1)
        case "m": style = number == "0" ? "" : number
        default: put("?")
        }
    }
}
