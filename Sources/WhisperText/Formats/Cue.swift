import Foundation

/// A segment as a line of a subtitle file.
struct Cue {
    /// Milliseconds from the start of the recording.
    let start: Int
    /// Milliseconds from the start of the recording.
    let end: Int
    /// The text, without white space at either end and without empty lines; never empty.
    let text: String

    /// The cue of a segment, or `nil` when the segment has no text.
    ///
    /// - Parameter keepsLines: whether line breaks in the text stay.
    init?(_ segment: Segment, keepsLines: Bool = false) {
        // An empty line would end the cue.
        text = segment.text.split(whereSeparator: \.isNewline)
            .map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty }
            .joined(separator: keepsLines ? "\n" : " ")
        guard !text.isEmpty else { return nil }
        start = Self.milliseconds(segment.start)
        end = Self.milliseconds(segment.end)
    }

    /// ``text`` where `-->`, which parts the times of a cue, has become `->`, however long it was.
    var textWithoutArrow: String {
        text.replacing(/-{2,}>/, with: "->")
    }

    private static func milliseconds(_ seconds: Double) -> Int {
        guard seconds.isFinite else { return 0 }
        // Bounded, because only numbers up to 2⁵³ are exact.
        return Int(min(max((seconds * 1000).rounded(.toNearestOrEven), 0), 0x1p53))
    }
}

/// A time as subtitle files write it.
struct Timestamp {
    /// Milliseconds from the start of the recording.
    let milliseconds: Int

    /// `HH:MM:SS.mmm`; the hours are left out before the first hour unless `alwaysHours` asks for them.
    func text(alwaysHours: Bool, decimalMark: String) -> String {
        let (seconds, thousandths) = milliseconds.quotientAndRemainder(dividingBy: 1000)
        let hours = seconds / 3600
        let parts = [hours, seconds / 60 % 60, seconds % 60].map { Self.padded($0, 2) }
        let clock = parts.dropFirst(alwaysHours || hours > 0 ? 0 : 1).joined(separator: ":")
        return clock + decimalMark + Self.padded(thousandths, 3)
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(width - digits.count, 0)) + digits
    }
}
