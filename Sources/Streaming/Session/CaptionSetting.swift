/// A number among ``CaptionSettings``: the one table from which servers read them (as `captions.NAME`), benchmarks vary them
/// and both describe them.
package struct CaptionSetting: Sendable {
    /// Where the number lives.
    private enum Place: Sendable {
        case number(any WritableKeyPath<CaptionSettings, Double> & Sendable)
        case count(any WritableKeyPath<CaptionSettings, Int> & Sendable)
        case flag(any WritableKeyPath<CaptionSettings, Bool> & Sendable)
    }

    /// What it is called.
    package let name: String
    /// What it is, and what it is measured in.
    package let help: String
    /// What it may be.
    package let range: ClosedRange<Double>
    /// Whether servers can be told, and not only benchmarks.
    package let isForServers: Bool
    private let place: Place

    /// Whether it is a whole number.
    package var isWhole: Bool { if case .number = place { false } else { true } }

    /// Its value.
    package func value(in settings: CaptionSettings) -> Double {
        switch place {
        case .number(let path): settings[keyPath: path]
        case .count(let path): Double(settings[keyPath: path])
        case .flag(let path): settings[keyPath: path] ? 1 : 0
        }
    }

    /// Changes it; a number that is not whole is cut where it has to be.
    package func set(_ value: Double, in settings: inout CaptionSettings) {
        switch place {
        case .number(let path): settings[keyPath: path] = value
        case .count(let path): settings[keyPath: path] = Int(min(max(value, 0), 1500))
        case .flag(let path): settings[keyPath: path] = value > 0
        }
    }
}

extension CaptionSetting {
    /// All of them, by what they concern.
    package static let all: [CaptionSetting] = [
        // Live windows.
        number("hop", "seconds of new sound between two windows", 0.1...10, \.windows.hop, isForServers: true),
        count(
            "threshold", "positions of 20 ms before a window's end within which text is not settled (alignatt)",
            0...200, \.windows.attentionThreshold, isForServers: true),
        count(
            "tentative-threshold", "positions before the end within which nothing is shown (alignatt)", 0...200,
            \.windows.tentativeThreshold),
        count(
            "young-threshold", "positions before the end within which text of a young window is not settled (alignatt)",
            0...200, \.windows.youngThreshold),
        number(
            "young-window", "seconds of sound below which a window is young (alignatt)", 0...28, \.windows.youngWindow),
        number(
            "doubt",
            "probability below which a word is settled only when two windows in a row have it, or late (alignatt)",
            0...1,
            \.windows.doubt, isForServers: true),
        number(
            "longest-doubt", "seconds after which a doubtful word is settled all the same (alignatt)", 0...10,
            \.windows.longestDoubt),
        number(
            "window", "seconds of the longest live window", 2...28, \.windows.longestWindow, isForServers: true),
        number(
            "trimmed-window", "seconds that are left of a live window that got too long", 1...14,
            \.windows.trimmedWindow),
        number(
            "sliding.window", "seconds of a window (sliding-window)", 0.5...28, \.windows.slidingWindow,
            isForServers: true),
        number(
            "sliding.overlap", "seconds that two windows share (sliding-window)", 0...27, \.windows.slidingOverlap,
            isForServers: true),
        count("margin", "positions of silence after a live window", 0...1500, \.liveMargin),
        number(
            "lead", "seconds of the utterance before that live windows begin with", 0...10, \.liveLead,
            isForServers: true),
        count("context", "the most tokens of text before a live window", 0...Double(TextContext.limit), \.liveContext),
        // Utterances.
        number(
            "silence", "seconds of silence that end an utterance", 0.2...5, \.gate.silence, isForServers: true),
        number(
            "shortest-silence", "seconds of silence that end a long utterance", 0.2...5, \.gate.shortestSilence),
        number(
            "shrinks-from", "seconds of an utterance from which on less silence ends it", 0...25, \.gate.shrinksFrom),
        number("shrinks-to", "seconds of an utterance that is long", 0...25, \.gate.shrinksTo),
        number(
            "pause", "seconds of silence after which the whole utterance is decoded, in case it is over", 0.1...5,
            \.gate.pause, isForServers: true),
        // Finals.
        flag("corrections", "1, or 0 for finals that are the stable text", \.corrections),
        count("final-margin", "positions of silence after a whole utterance", 0...1500, \.finalMargin),
        number("final-lead", "seconds of the utterance before that finals begin with", 0...20, \.finalLead),
        count("final-context", "the most tokens of text before a final", 0...Double(TextContext.limit), \.finalContext),
    ]

    /// The setting of this name.
    package static func named(_ name: String) -> CaptionSetting? { all.first { $0.name == name } }

    private static func number(
        _ name: String, _ help: String, _ range: ClosedRange<Double>,
        _ path: any WritableKeyPath<CaptionSettings, Double> & Sendable, isForServers: Bool = false
    ) -> CaptionSetting {
        CaptionSetting(name: name, help: help, range: range, isForServers: isForServers, place: .number(path))
    }

    private static func count(
        _ name: String, _ help: String, _ range: ClosedRange<Double>,
        _ path: any WritableKeyPath<CaptionSettings, Int> & Sendable, isForServers: Bool = false
    ) -> CaptionSetting {
        CaptionSetting(name: name, help: help, range: range, isForServers: isForServers, place: .count(path))
    }

    private static func flag(
        _ name: String, _ help: String, _ path: any WritableKeyPath<CaptionSettings, Bool> & Sendable
    ) -> CaptionSetting {
        CaptionSetting(name: name, help: help, range: 0...1, isForServers: false, place: .flag(path))
    }
}
