import Terminal
import Testing

@Suite struct ProgressPainterTests {
    private func state(_ completed: Double, at elapsed: Double = 0) -> ProgressState {
        ProgressState(label: "a.wav", unit: .audioSeconds, completed: completed, total: 100, elapsed: elapsed)
    }

    @Test func aTerminalIsRedrawnTenTimesASecondAtMost() {
        var painter = ProgressPainter(style: .live(isColoured: false))
        let drawings = (0..<1_000).compactMap { step in
            painter.draw(state(Double(step) / 10, at: Double(step) / 500), width: 80)
        }
        #expect((18...20).contains(drawings.count), "in two seconds")
    }

    @Test func aRedrawTakesThePlaceOfTheLineAndLeavesTheLastColumn() {
        var painter = ProgressPainter(style: .live(isColoured: false))
        let drawing = painter.draw(state(10), width: 40)
        #expect(drawing == "\r\u{1B}[2K" + state(10).bar(width: 39))
    }

    @Test func messagesStandAboveTheBar() {
        var painter = ProgressPainter(style: .live(isColoured: false))
        #expect(painter.message("first") == "first\n")
        _ = painter.draw(state(1, at: 1), width: 80)
        #expect(painter.message("b.wav: damaged") == "\r\u{1B}[2Kb.wav: damaged\n")
        #expect(painter.draw(state(1, at: 1), width: 80) != nil, "the bar is back at once")
    }

    @Test func theBarStepsAsideForOthers() {
        var painter = ProgressPainter(style: .live(isColoured: false))
        #expect(painter.stepAside().isEmpty, "nothing is shown yet")
        _ = painter.draw(state(1, at: 1), width: 80)
        #expect(painter.stepAside() == "\r\u{1B}[2K")
        #expect(painter.draw(state(1, at: 1), width: 80) != nil, "the bar is back at once")
    }

    @Test func theBarIsGoneAtTheEnd() {
        var painter = ProgressPainter(style: .live(isColoured: false))
        _ = painter.draw(state(100, at: 1), width: 80)
        #expect(painter.finish(state(100, at: 2)) == "\r\u{1B}[2K")
    }

    @Test func aLogGetsALineAQuarter() {
        var painter = ProgressPainter(style: .lines)
        var written = (0...100).compactMap { painter.draw(state(Double($0), at: Double($0)), width: 80) }
        painter.finish(state(100, at: 101)).map { written.append($0) }
        #expect(written.count == 5)
        for (line, percent) in zip(written, ["0 %", "25 %", "50 %", "75 %", "100 %"]) {
            #expect(line.hasPrefix("a.wav  "))
            #expect(line.contains(" \(percent)"))
            #expect(line.hasSuffix("\n") && !line.contains("\u{1B}"))
        }
    }

    @Test func quartersThatWereJumpedOverAreNotMadeUpFor() {
        var painter = ProgressPainter(style: .lines)
        let written = [0, 80, 90, 100].compactMap { painter.draw(state($0), width: 80) }
        #expect(written.count == 3)
    }

    @Test func quietIsQuiet() {
        var painter = ProgressPainter(style: .quiet)
        #expect(painter.draw(state(50), width: 80) == nil)
        #expect((painter.finish(state(100)) ?? "").isEmpty)
    }

    @Test func theStyleSuitsTheTerminal() {
        func style(_ isQuiet: Bool, _ isTerminal: Bool, _ environment: [String: String]) -> ProgressPainter.Style {
            .forStandardError(isQuiet: isQuiet, isTerminal: isTerminal, environment: environment)
        }
        #expect(style(false, true, [:]) == .live(isColoured: true))
        #expect(style(false, true, ["NO_COLOR": "1"]) == .live(isColoured: false))
        #expect(style(false, true, ["NO_COLOR": ""]) == .live(isColoured: true))
        #expect(style(false, true, ["TERM": "dumb"]) == .lines)
        #expect(style(false, false, [:]) == .lines)
        #expect(style(true, true, [:]) == .quiet)
    }

    @Test func aBarTakesReportsFromManyThreads() async {
        let bar = ProgressBar(state(0), style: .quiet)
        await withTaskGroup { group in
            for _ in 0..<100 {
                group.addTask { bar.update { $0.completed += 1 } }
            }
        }
        var completed = 0.0
        bar.update { completed = $0.completed }
        #expect(completed == 100)
    }
}
