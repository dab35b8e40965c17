import ArgumentParser
import Foundation
import Measuring
import Terminal

/// What is made of the captions of a trial.
struct ReportOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Write all figures as JSON.", valueName: "file"))
    var json: String?

    @Option(help: ArgumentHelp("Write a page with histograms and the errors of every recording.", valueName: "file"))
    var html: String?

    @Option(help: ArgumentHelp("Write what came when, for `sori bench report`.", valueName: "file"))
    var trial: String?

    @Option(help: ArgumentHelp("Show what differs from the figures of an earlier run (--json).", valueName: "file"))
    var baseline: String?

    @Flag(help: "Print every final, and what was stable text before it.")
    var text = false

    /// Prints a report and writes what is asked for.
    func deliver(_ report: Report, _ trial: Trial) throws {
        let summary = report.summary
        if text { try report.played.forEach(show) }
        try StandardOutput.print(ReportTable(summary).text)
        if let json { try Self.write(summary, to: json) }
        if let html { try Self.write(Data(ReportPage(report).html.utf8), to: html) }
        if let file = self.trial { try Self.write(trial, to: file) }
        if let baseline {
            let earlier: Report.Summary = try Self.read(baseline, "figures that --json has written")
            try StandardOutput.print(
                "\nAgainst \(baseline), \(earlier.date):\n" + (try Comparison(summary, with: earlier).text))
        }
    }

    /// Reads a JSON file.
    ///
    /// - Parameter kind: what is expected in it.
    static func read<Value: Decodable>(_ path: String, _ kind: String) throws -> Value {
        guard let data = FileManager.default.contents(atPath: path) else { throw CommandError("cannot read \(path)") }
        do { return try JSONDecoder().decode(Value.self, from: data) } catch {
            throw CommandError("\(path) does not have \(kind)")
        }
    }

    /// Writes a JSON file for people to read.
    static func write(_ value: some Encodable, to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try write(try encoder.encode(value) + Data("\n".utf8), to: path)
    }

    /// Writes a file.
    static func write(_ data: Data, to path: String) throws {
        do { try data.write(to: URL(fileURLWithPath: path), options: .atomic) } catch {
            throw CommandError("cannot write \(path): \(error.localizedDescription)")
        }
    }

    private func show(_ played: Report.Played) throws {
        try StandardOutput.print("\n\(played.clip.path)")
        for final in played.trace.finals {
            try StandardOutput.print(String(format: "  %6.2f–%6.2f ", final.start, final.end) + final.text)
            try StandardOutput.print("         stable: \(played.trace.stableText(of: final.utterance))")
        }
        if let text = played.clip.texts.first {
            try StandardOutput.print("  said:     \(text)\n  as whole: \(played.offline.text)\n")
        }
    }
}
