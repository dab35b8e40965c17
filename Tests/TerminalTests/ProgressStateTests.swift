import Terminal
import Testing

@Suite struct ProgressStateTests {
    @Test func severalFilesShareOneLine() {
        let state = ProgressState(
            label: "x", unit: .audioSeconds, completed: 41, total: 100, files: .init(completed: 3, total: 12),
            elapsed: 10)
        #expect(state.bar(width: 72) == "3/12 files  ██████████▋                  41 %  4.1× real time  0:15 left")
    }

    @Test func aDownloadShowsBytes() {
        let state = ProgressState(
            label: "base", unit: .bytes, completed: 60_000_000, total: 145_217_532, elapsed: 5)
        let line = state.bar(width: 100)
        #expect(line.hasPrefix("base  █"))
        #expect(line.hasSuffix("   41 %  60.0 of 145.2 MB  12.0 MB/s  0:08 left"))
    }

    @Test func aResumedDownloadCountsOnlyItsOwnBytes() {
        let state = ProgressState(
            label: "base", unit: .bytes, completed: 80e6, total: 100e6, resumedFrom: 70e6, elapsed: 10)
        #expect(state.rate == 1e6)
        #expect(state.remaining == 20)
        #expect(state.fraction == 0.8)
    }

    @Test(arguments: [
        (0, "        "), (0.5, "████    "), (1, "████████"), (0.515625, "████▏   "), (0.984375, "███████▉"),
    ])
    func theBarGrowsInEighths(fraction: Double, bar: String) {
        let state = ProgressState(label: "a", unit: .audioSeconds, completed: fraction, total: 1)
        let percent = String(Int(fraction * 100))
        let padding = String(repeating: " ", count: 3 - percent.count)
        #expect(state.bar(width: 18) == "a  \(bar)  \(padding)\(percent) %")
    }

    @Test(arguments: 1...120)
    func noLineIsTooWide(width: Int) {
        for label in ["a.wav", "아주긴한국어녹음파일이름입니다정말로길어요.flac", "👩‍👩‍👧 family recording of last summer.m4a"] {
            for total in [nil, 7_200.0] {
                for unit in [ProgressState.Unit.audioSeconds, .bytes] {
                    let state = ProgressState(
                        label: label, unit: unit, completed: 3_700, total: total, elapsed: 77)
                    #expect(state.bar(width: width).displayWidth <= width)
                }
            }
        }
    }

    @Test func detailsGoBeforeTheBar() {
        let state = ProgressState(label: "a.wav", unit: .audioSeconds, completed: 50, total: 100, elapsed: 10)
        #expect(state.bar(width: 60).contains("5.0× real time  0:10 left"))
        #expect(state.bar(width: 38).hasSuffix("50 %  0:10 left"))
        #expect(state.bar(width: 38).contains("█"))
        #expect(state.bar(width: 24).hasSuffix("50 %"))
        #expect(state.bar(width: 24).contains("█"))
        #expect(state.bar(width: 14) == "a.wav  50 %")
    }

    @Test func longNamesLoseTheirMiddle() {
        let state = ProgressState(
            label: "아주긴한국어녹음파일이름입니다.flac", unit: .audioSeconds, completed: 1, total: 4, elapsed: 1)
        #expect(state.bar(width: 60).hasPrefix("아주긴한국…니다.flac  █"))
    }

    @Test func namesCannotMoveTheCursor() {
        let state = ProgressState(label: "a\u{1B}[2J\r\nb.wav", unit: .audioSeconds, completed: 1, total: 4)
        #expect(state.bar(width: 60).hasPrefix("a[2Jb.wav  "))
    }

    @Test func withoutATotalThereIsNoBar() {
        let state = ProgressState(label: "live.webm", unit: .audioSeconds, completed: 83, elapsed: 10)
        #expect(state.bar(width: 80) == "live.webm  1:23  8.3× real time")
        #expect(state.fraction == nil && state.remaining == nil)
    }

    @Test func longTimesHaveHours() {
        let state = ProgressState(label: "a", unit: .audioSeconds, completed: 10, total: 36_740, elapsed: 1)
        #expect(state.line == "a  0 %  10.0× real time  1:01:13 left")
    }

    @Test func colourTakesNoColumns() {
        let state = ProgressState(label: "a", unit: .audioSeconds, completed: 1, total: 2)
        let coloured = state.bar(width: 40, isColoured: true)
        #expect(coloured.contains("\u{1B}[36m█"))
        #expect(
            coloured.replacing("\u{1B}[36m", with: "").replacing("\u{1B}[0m", with: "") == state.bar(width: 40))
    }

    @Test func moreThanEverythingIsEverything() {
        let state = ProgressState(label: "a", unit: .audioSeconds, completed: 12, total: 10, elapsed: 1)
        #expect(state.fraction == 1)
        #expect(state.remaining == nil)
        #expect(state.line == "a  100 %  12.0× real time")
    }
}
