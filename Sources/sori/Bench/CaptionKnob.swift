import Foundation
import Streaming

/// A setting of captions that a benchmark can vary: the policy, or a number of ``CaptionSetting/all``.
enum CaptionKnob {
    case policy
    case number(CaptionSetting)

    init?(name: String) {
        if name == "policy" {
            self = .policy
        } else if let setting = CaptionSetting.named(name) {
            self = .number(setting)
        } else {
            return nil
        }
    }

    var name: String {
        switch self {
        case .policy: "policy"
        case .number(let setting): setting.name
        }
    }

    /// All of them, a line each.
    static var list: String {
        ([("policy", "alignatt, local-agreement or sliding-window")] + CaptionSetting.all.map { ($0.name, $0.help) })
            .map { "  \($0.0.padding(toLength: 22, withPad: " ", startingAt: 0))\($0.1)" }.joined(separator: "\n")
    }

    /// Turns the knob. Values that no server would take are taken too: benchmarks look beyond.
    ///
    /// - Throws: ``CommandError`` for a value that it does not have.
    func set(_ value: String, in settings: inout CaptionSettings) throws {
        switch self {
        case .policy:
            guard let policy = CaptionSettings.Policy(rawValue: value) else {
                throw CommandError("'\(value)' is no policy; use alignatt, local-agreement or sliding-window")
            }
            settings.policy = policy
        case .number(let setting):
            guard let number = Double(value), number >= 0 else {
                throw CommandError("'\(name)' takes numbers from 0 on, not '\(value)'")
            }
            setting.set(number, in: &settings)
        }
    }
}
