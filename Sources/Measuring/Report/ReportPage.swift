internal import Foundation
internal import Scoring

/// A report as a page: figures, how latencies are spread, and every recording with its errors marked. One file that needs
/// no other.
package struct ReportPage {
    package let html: String

    package init(_ report: Report) {
        let summary = report.summary
        let title = "\(summary.system): \(summary.sessions) session\(summary.sessions == 1 ? "" : "s") at once"
        let histograms = report.groups.map { group in
            """
            <h2>\(Self.escaped(group.name))</h2>
            <div class="histograms">
            \(Histogram("First seen after the end of a word", group.score.tentativeLatency).svg)
            \(Histogram("Committed after the end of a word", group.score.committedLatency).svg)
            \(Histogram("Final after the end of an utterance", group.score.finalLatency).svg)
            </div>
            """
        }
        html = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>\(Self.escaped(title))</title>
            <style>\(Self.style)</style></head><body>
            <h1>\(Self.escaped(title))</h1>
            <p>\(Self.escaped("Model \(summary.model), \(summary.machine.processor), \(summary.machine.cores) cores, "
                + "\(summary.machine.system), \(summary.date)"))<br><code>\(Self.escaped(summary.command))</code></p>
            <pre>\(Self.escaped(ReportTable(summary).text))</pre>
            \(histograms.joined(separator: "\n"))
            <h2>Recordings</h2>
            <p>Words as they are compared. <ins>Written but not said</ins>, <del>said but not written</del>.</p>
            \(report.played.map(Self.recording).joined(separator: "\n"))
            </body></html>
            """
    }

    /// A recording, utterance by utterance.
    private static func recording(_ played: Report.Played) -> String {
        let figures = Figures(played.clip.path, played.unit, played.score)
        let rates = [figures.finals, figures.stable, figures.wholeRecording].map {
            ReportTable.percent($0[played.unit])
        }
        let rows = MarkedUtterance.all(of: played).map { utterance in
            """
            <tr><td>\(clock(utterance.start))–\(clock(utterance.end))</td><td>\(utterance.words.map(mark).joined(separator: " "))</td>
            <td class="stable">\(escaped(utterance.stable))</td><td>\(String(format: "%.2f", utterance.time - utterance.end)) s</td></tr>
            """
        }
        return """
            <details><summary>\(escaped(played.clip.path)): finals \(rates[0]), stable \(rates[1]), as a whole \(rates[2])</summary>
            <table><tr><th>at</th><th>final, against what was said</th><th>stable before it</th><th>final after the utterance's end</th></tr>
            \(rows.joined(separator: "\n"))
            </table></details>
            """
    }

    private static func mark(_ word: MarkedUtterance.Word) -> String {
        switch word {
        case .right(let text): escaped(text)
        case .wrong(let text, let reference): "<ins>\(escaped(text))</ins> <del>\(escaped(reference))</del>"
        case .missing(let reference): "<del>\(escaped(reference))</del>"
        case .additional(let text): "<ins>\(escaped(text))</ins>"
        }
    }

    private static func clock(_ seconds: Double) -> String {
        String(format: "%d:%04.1f", Int(seconds) / 60, seconds - Double(Int(seconds) / 60 * 60))
    }

    static func escaped(_ text: String) -> String {
        text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
            .replacingOccurrences(of: ">", with: "&gt;")
    }

    private static let style = """
        :root { color-scheme: light dark }
        body { font: 15px/1.5 system-ui, sans-serif; max-width: 75rem; margin: 2rem auto; padding: 0 1rem }
        pre { overflow-x: auto; font-size: 13px } td, th { text-align: left; vertical-align: top; padding: .2rem .6rem }
        .histograms { display: flex; flex-wrap: wrap; gap: 1rem } svg { max-width: 100% }
        svg text { font-size: 11px; fill: currentColor } .bar { fill: #3b82c4 } .mark { stroke: #d2691e }
        ins { color: #c0392b; text-decoration: none; font-weight: 600 } del { color: #8a8a8a } .stable { color: #8a8a8a }
        details { margin: .4rem 0 } summary { cursor: pointer }
        """
}
