import Terminal
import Testing

@Suite struct LivePainterTests {
    /// A terminal and what is shown on it.
    private struct Screen {
        var terminal: TerminalEmulator
        var painter: LivePainter
        var caption = LiveCaption()

        init(columns: Int = 40, rows: Int = 10, isColoured: Bool = false) {
            terminal = TerminalEmulator(columns: columns, rows: rows)
            painter = LivePainter(isColoured: isColoured)
            caption.state = .listening
        }

        var size: LivePainter.Size { .init(columns: terminal.columns, rows: terminal.rows) }

        mutating func show(_ stable: String, _ tentative: String = "", utterance: Int = 0) {
            caption.show(.init(number: utterance, stable: stable, tentative: tentative))
            draw()
        }

        mutating func final(_ texts: String..., of utterance: Int = 0) {
            caption.remove(utterance)
            draw(texts)
        }

        mutating func draw(_ finals: [String] = []) {
            terminal.write(painter.draw(caption, finals: finals, size: size))
        }

        var lines: [String] { terminal.text }
    }

    @Test func textGrowsAboveTheStatus() {
        var screen = Screen()
        screen.draw()
        #expect(screen.lines == ["● listening  0:00"])
        screen.show("It was", " the")
        #expect(screen.lines == ["It was the", "● listening  0:00"])
        screen.show("It was the best", " of")
        #expect(screen.lines == ["It was the best of", "● listening  0:00"])
        screen.show("It", "")
        #expect(screen.lines == ["It", "● listening  0:00"])
    }

    @Test func finalTextStays() {
        var screen = Screen()
        screen.show("It was the", " worst")
        screen.final("It was the best.")
        screen.show("Yes", utterance: 1)
        screen.final("Yes.", "No.", of: 1)
        #expect(screen.lines == ["It was the best.", "Yes.", "No.", "● listening  0:00"])
        screen.terminal.write(screen.painter.finish(size: screen.size))
        #expect(screen.lines == ["It was the best.", "Yes.", "No.", ""])
    }

    @Test func longTextTakesSeveralLinesAndGivesThemBack() {
        var screen = Screen(columns: 21)
        screen.final("one")
        screen.show("It was the best of times, it was the worst of times")
        #expect(
            screen.lines == ["one", "It was the best of", "times, it was the", "worst of times", "● listening  0:00"])
        screen.show("It was the best of times")
        #expect(screen.lines == ["one", "It was the best of", "times", "● listening  0:00"])
        screen.final("Short.")
        #expect(screen.lines == ["one", "Short.", "● listening  0:00"])
    }

    @Test func hangulIsBrokenBetweenWordsByItsWidth() {
        var screen = Screen(columns: 22)
        screen.show("안녕하세요 여러분 오늘도", " 반갑습니다")
        #expect(screen.lines == ["안녕하세요 여러분", "오늘도 반갑습니다", "● listening  0:00"])
        screen.final("안녕하세요, 여러분. 오늘도 반갑습니다.")
        #expect(screen.lines == ["안녕하세요, 여러분.", "오늘도 반갑습니다.", "● listening  0:00"])
    }

    @Test func kanaIsBrokenAnywhereButNotBeforeAMark() {
        var screen = Screen(columns: 15)
        screen.show("吾輩は猫である。名前はまだ無い。")
        #expect(screen.lines == ["吾輩は猫であ", "る。名前はまだ", "無い。", "● listening  …"])
    }

    @Test func aWordWiderThanTheTerminalIsBroken() {
        var screen = Screen(columns: 11)
        screen.show("가나다라마바사아자차카타파하")
        #expect(screen.lines.prefix(3) == ["가나다라마", "바사아자차", "카타파하"])
    }

    @Test func tentativeTextIsDimAndStableTextIsPlain() {
        var screen = Screen(columns: 21, isColoured: true)
        screen.show("It was the best of times, ", "it was the worst 하하")
        #expect(screen.terminal.text(inStyle: "2") == "it was theworst 하하")
        #expect(screen.lines.first == "It was the best of")
        screen.final("It was the best of times.")
        #expect(screen.terminal.text(inStyle: "2").isEmpty)
    }

    @Test func withoutColourThereAreNoStyles() {
        var painter = LivePainter(isColoured: false)
        var caption = LiveCaption()
        caption.level = -10
        caption.hint = "busy"
        caption.show(.init(number: 0, stable: "a", tentative: "b"))
        #expect(!painter.draw(caption, size: .init(columns: 80, rows: 24)).contains("m"))
    }

    @Test func whatHasNotChangedIsNotDrawn() {
        var painter = LivePainter(isColoured: true)
        var caption = LiveCaption()
        let size = LivePainter.Size(columns: 80, rows: 24)
        #expect(!painter.draw(caption, size: size).isEmpty)
        #expect(painter.draw(caption, size: size).isEmpty)
        caption.seconds = 0.4
        #expect(painter.draw(caption, size: size).isEmpty, "the clock shows whole seconds")
        caption.seconds = 1
        #expect(!painter.draw(caption, size: size).isEmpty)
    }

    @Test func nothingIsErasedBeforeItIsRewritten() {
        var painter = LivePainter(isColoured: false)
        var caption = LiveCaption()
        caption.show(.init(number: 0, stable: "one two", tentative: ""))
        let size = LivePainter.Size(columns: 80, rows: 24)
        _ = painter.draw(caption, size: size)
        caption.show(.init(number: 0, stable: "one two three", tentative: ""))
        let drawing = painter.draw(caption, size: size)
        #expect(drawing.hasPrefix("\r\u{1B}[1Aone two three"))
    }

    @Test func severalUtterancesAreShownInOrder() {
        var screen = Screen()
        screen.show("second", utterance: 1)
        screen.show("first", utterance: 0)
        #expect(screen.lines == ["first", "second", "● listening  0:00"])
        screen.caption.removeUtterances()
        screen.draw()
        #expect(screen.lines == ["● listening  0:00"])
    }

    @Test func moreThanTheScreenHoldsLosesItsBeginning() {
        var screen = Screen(columns: 11, rows: 4)
        screen.final("kept")
        screen.show((1...20).map { "word\($0)" }.joined(separator: " "))
        #expect(screen.lines.count == 4)
        #expect(screen.lines.first == "kept")
        #expect(screen.lines[2].contains("word20"))
        screen.final("done")
        #expect(
            screen.lines == ["kept", "done", "● listenin…"].map { String($0) }
                || screen.lines.prefix(2) == ["kept", "done"])
    }

    @Test(arguments: [(60, 25), (25, 60), (60, 13), (40, 39)])
    func aTerminalMayChangeItsWidth(from: Int, to: Int) {
        var screen = Screen(columns: from, rows: 30)
        screen.final("Stays.")
        screen.show("It was the best of times, it was the worst of times, ", "오늘도 반갑습니다")
        screen.terminal.resize(columns: to)
        screen.show("It was the best of times, it was the worst of times, ", "오늘도")
        #expect(screen.lines.first == "Stays.")
        #expect(screen.lines.filter { $0.hasPrefix("It was") }.count == 1)
        #expect(screen.lines.filter { $0.hasPrefix("●") }.count == 1)
        #expect(screen.lines.allSatisfy { $0.displayWidth < to })
    }

    @Test func textCannotMoveTheCursor() {
        var screen = Screen()
        screen.show("a\u{1B}[2Jb\r\nc\u{202E}d")
        screen.final("x\u{1B}]0;title\u{07}y")
        #expect(screen.lines.count == 2)
        #expect(screen.lines[0].hasPrefix("x ]0;title y"))
    }

    @Test(arguments: 0..<200) func anyTextsInAnyOrderLeaveCleanLines(seed: UInt64) {
        var chance = Chance(state: seed)
        let words = ["안녕하세요", "the", "吾輩は", "👩‍👩‍👧", "x", "supercalifragilistic", "、", "반갑습니다.", "猫"]
        func text() -> String {
            (0..<Int.random(in: 0..<14, using: &chance)).compactMap { _ in words.randomElement(using: &chance) }
                .joined(separator: Bool.random(using: &chance) ? " " : "")
        }
        var screen = Screen(
            columns: Int.random(in: 10..<50, using: &chance), rows: 100, isColoured: seed.isMultiple(of: 2))
        var finals = ""
        for number in 0..<20 {
            screen.show(text(), text(), utterance: number)
            if Bool.random(using: &chance) { continue }
            let final = text()
            finals += final
            screen.final(final, of: number)
            screen.caption.removeUtterances()
        }
        screen.draw()
        let shown = screen.lines.dropLast().joined().filter { !$0.isWhitespace }
        #expect(shown.hasPrefix(finals.filter { !$0.isWhitespace }))
        #expect(screen.lines.allSatisfy { $0.displayWidth < screen.terminal.columns })
    }

    private struct Chance: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 31)
        }
    }
}

@Suite struct LiveStatusTests {
    private func status(columns: Int = 120, _ change: (inout LiveCaption) -> Void) -> String {
        var caption = LiveCaption()
        change(&caption)
        var painter = LivePainter(isColoured: false)
        var terminal = TerminalEmulator(columns: columns, rows: 10)
        terminal.write(painter.draw(caption, size: .init(columns: columns, rows: 10)))
        return terminal.text.last ?? ""
    }

    @Test(arguments: [
        (LiveCaption.State.connecting, "○ connecting…  0:00"), (.listening, "● listening  0:00"),
        (.reconnecting(seconds: 3), "○ reconnecting in 3 s…  0:00"),
        (.reconnecting(seconds: nil), "○ reconnecting…  0:00"),
        (.waiting(seconds: 5), "○ waiting for a free place, next try in 5 s…  0:00"),
        (.finishing, "● writing the last words… (Ctrl-C again to stop)  0:00"),
    ])
    func theStateIsSaid(state: LiveCaption.State, line: String) {
        #expect(status { $0.state = state } == line)
    }

    @Test(arguments: [
        (Float(0), "▮▮▮▮▮▮▮▮▮▮"), (-25, "▮▮▮▮▮▯▯▯▯▯"), (-50, "▯▯▯▯▯▯▯▯▯▯"), (-Float.infinity, "▯▯▯▯▯▯▯▯▯▯"),
        (6, "▮▮▮▮▮▮▮▮▮▮"),
    ])
    func theMeterShowsTheLevel(level: Float, meter: String) {
        let line = status {
            $0.state = .listening
            $0.level = level
            $0.seconds = 3_725
            $0.hint = "captions come 2 s late"
        }
        #expect(line == "● listening  \(meter)  1:02:05  captions come 2 s late")
    }

    @Test(arguments: 2..<60) func noStatusIsTooWide(columns: Int) {
        let line = status(columns: columns) {
            $0.state = .reconnecting(seconds: 3)
            $0.level = -3
            $0.hint = "서버에 연결할 수 없습니다"
        }
        #expect(line.displayWidth < max(columns, 3))
    }
}

@Suite struct TextWrappingTests {
    private func lines(_ text: String, _ columns: Int) -> [String] {
        let characters = Array(text)
        return TextWrapping.lines(characters, columns: columns).map { String(characters[$0]) }
    }

    @Test(arguments: [
        ("", 10, [""]), ("a b", 3, ["a b"]), ("a b", 2, ["a", "b"]), ("ab  cd", 3, ["ab", "cd"]),
        ("abcd", 2, ["ab", "cd"]), ("a bcdef", 3, ["a", "bcd", "ef"]), ("가나 다라", 5, ["가나", "다라"]),
        ("漢字漢字", 5, ["漢字", "漢字"]), ("漢字。", 4, ["漢", "字。"]), ("「漢字」", 6, ["「漢", "字」"]), ("漢「字」", 4, ["漢", "「字", "」"]),
        ("abc漢字", 5, ["abc漢", "字"]), ("👩‍👩‍👧👩‍👩‍👧", 3, ["👩‍👩‍👧", "👩‍👩‍👧"]), ("ends ", 4, ["ends"]),
    ])
    func linesEndWhereTheyMay(text: String, columns: Int, expected: [String]) {
        #expect(lines(text, columns) == expected)
    }
}
