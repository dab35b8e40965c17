import ArgumentParser
import Streaming

/// A setting and its value, or the values that are compared, as the command line has them: `hop=0.3,0.5`.
struct Variation: ExpressibleByArgument {
    /// A value for each setting that is varied.
    struct Combination: Sendable {
        var name: String
        var settings: CaptionSettings
    }

    let knob: CaptionKnob
    let values: [String]

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, let knob = CaptionKnob(name: String(parts[0])) else { return nil }
        self.knob = knob
        values = parts[1].split(separator: ",").map(String.init)
    }

    /// Every value of each with every value of the others.
    static func combinations(of variations: [Variation], from settings: CaptionSettings) throws -> [Combination] {
        try variations.reduce([Combination(name: "", settings: settings)]) { known, variation in
            try known.flatMap { combination in
                try variation.values.map { value in
                    var next = combination
                    next.name += (next.name.isEmpty ? "" : " ") + "\(variation.knob.name)=\(value)"
                    try variation.knob.set(value, in: &next.settings)
                    return next
                }
            }
        }
    }
}
