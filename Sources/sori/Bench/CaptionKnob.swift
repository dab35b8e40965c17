import Foundation
import Streaming

/// A setting of captions that a sweep can vary, by the name of its option.
enum CaptionKnob: String, CaseIterable {
    case policy
    case hop
    case threshold
    case tentativeThreshold = "tentative-threshold"
    case youngThreshold = "young-threshold"
    case youngWindow = "young-window"
    case longestWindow = "longest-window"
    case trimmedWindow = "trimmed-window"
    case slidingWindow = "sliding-window"
    case slidingOverlap = "sliding-overlap"
    case silence
    case shortestSilence = "shortest-silence"
    case shrinksFrom = "shrinks-from"
    case shrinksTo = "shrinks-to"
    case pause
    case lead
    case finalLead = "final-lead"
    case context
    case finalContext = "final-context"
    case margin
    case finalMargin = "final-margin"
    case corrections

    /// What it is, and what it is measured in.
    var summary: String {
        switch self {
        case .policy: "alignatt, local-agreement or sliding-window"
        case .hop: "seconds of new sound between two windows"
        case .threshold: "positions of 20 ms before the end within which text is not settled (alignatt)"
        case .tentativeThreshold: "positions before the end within which nothing is shown (alignatt)"
        case .youngThreshold: "positions before the end within which text of a young window is not settled (alignatt)"
        case .youngWindow: "seconds of sound below which a window is young (alignatt)"
        case .longestWindow: "seconds of the longest live window"
        case .trimmedWindow: "seconds that are left of a live window that got too long"
        case .slidingWindow: "seconds of a window (sliding-window)"
        case .slidingOverlap: "seconds that two windows share (sliding-window)"
        case .silence: "seconds of silence that end an utterance"
        case .shortestSilence: "seconds of silence that end a long utterance"
        case .shrinksFrom: "seconds of an utterance from which on less silence ends it"
        case .shrinksTo: "seconds of an utterance that is long"
        case .pause: "seconds of silence after which the whole utterance is decoded, in case it is over"
        case .lead: "seconds of the utterance before that live windows begin with"
        case .finalLead: "the same of finals"
        case .context: "the most tokens of text before a live window, up to \(TextContext.limit)"
        case .finalContext: "the same of finals"
        case .margin: "positions of silence after a live window"
        case .finalMargin: "positions of silence after a whole utterance"
        case .corrections: "1, or 0 for finals that are the stable text"
        }
    }

    /// All of them, a line each.
    static var list: String {
        allCases.map { "  \($0.rawValue.padding(toLength: 22, withPad: " ", startingAt: 0))\($0.summary)" }
            .joined(separator: "\n")
    }

    /// Turns the knob.
    ///
    /// - Throws: ``CommandError`` for a value that it does not have.
    func set(_ value: String, in settings: inout CaptionSettings) throws {
        func number() throws -> Double {
            guard let number = Double(value), number >= 0 else {
                throw CommandError("'\(rawValue)' takes numbers from 0 on, not '\(value)'")
            }
            return number
        }
        func positions() throws -> Int { Int(min(try number(), 1500)) }
        switch self {
        case .policy:
            guard let policy = CaptionSettings.Policy(rawValue: value) else {
                throw CommandError("'\(value)' is no policy; use alignatt, local-agreement or sliding-window")
            }
            settings.policy = policy
        case .hop: settings.windows.hop = try number()
        case .threshold: settings.windows.attentionThreshold = try positions()
        case .tentativeThreshold: settings.windows.tentativeThreshold = try positions()
        case .youngThreshold: settings.windows.youngThreshold = try positions()
        case .youngWindow: settings.windows.youngWindow = try number()
        case .longestWindow: settings.windows.longestWindow = try number()
        case .trimmedWindow: settings.windows.trimmedWindow = try number()
        case .slidingWindow: settings.windows.slidingWindow = try number()
        case .slidingOverlap: settings.windows.slidingOverlap = try number()
        case .silence: settings.gate.silence = try number()
        case .shortestSilence: settings.gate.shortestSilence = try number()
        case .shrinksFrom: settings.gate.shrinksFrom = try number()
        case .shrinksTo: settings.gate.shrinksTo = try number()
        case .pause: settings.gate.pause = try number()
        case .lead: settings.lead.live = try number()
        case .finalLead: settings.lead.final = try number()
        case .context: settings.context.live = min(try positions(), TextContext.limit)
        case .finalContext: settings.context.final = min(try positions(), TextContext.limit)
        case .margin: settings.margin.live = try positions()
        case .finalMargin: settings.margin.final = try positions()
        case .corrections: settings.corrections = try number() > 0
        }
    }
}
