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
    case silence
    case pause
    case lead
    case finalLead = "final-lead"
    case context
    case finalContext = "final-context"
    case margin
    case finalMargin = "final-margin"

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
        case .silence: settings.gate.silence = try number()
        case .pause: settings.gate.pause = try number()
        case .lead: settings.lead.live = try number()
        case .finalLead: settings.lead.final = try number()
        case .context: settings.context.live = min(try positions(), TextContext.limit)
        case .finalContext: settings.context.final = min(try positions(), TextContext.limit)
        case .margin: settings.margin.live = try positions()
        case .finalMargin: settings.margin.final = try positions()
        }
    }
}
