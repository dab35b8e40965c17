import Foundation
import Recognition
import WhisperText

/// How long the engine takes, from a few of its figures: so that a simulation comes out the same on a busy machine.
struct EngineCosts: Sendable {
    /// Seconds of the encoder for `n` positions: a + b n + c n², from three lengths.
    private let encoder: (constant: Double, linear: Double, square: Double)
    private let promptToken: Double
    private let token: Double
    /// Seconds of a detection.
    let detection: Double

    /// - Parameter file: what `sori bench engine --json` has printed.
    init(file: String) throws {
        struct Figures: Decodable {
            var encodeSeconds: [String: Double]
            var prefix40Seconds: Double
            var tokenSeconds: Double
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let data = FileManager.default.contents(atPath: file) else { throw CommandError("cannot read \(file)") }
        guard let figures = try? decoder.decode(Figures.self, from: data), let two = figures.encodeSeconds["2"],
            let ten = figures.encodeSeconds["10"], let thirty = figures.encodeSeconds["30"]
        else {
            throw CommandError("\(file) is not what `sori bench engine --json` prints")
        }
        encoder = Self.parabola((164, two), (564, ten), (1500, thirty))
        promptToken = figures.prefix40Seconds / 40
        token = figures.tokenSeconds
        // Tiny's encoder has 0.39 of base's operations for two seconds.
        detection = 0.39 * two
    }

    /// Seconds that a window takes.
    func seconds(for request: RecognitionRequest, _ result: RecognitionResult) -> Double {
        let sound = Double(request.samples.count) / 320
        let positions = min(request.options.margin.map { sound + Double($0) } ?? 1500, 1500)
        let prompt = Double(
            min(request.context.count, request.options.contextTokens) + request.prefix.count + 5)
        // The token that ends the text is decoded too. Word times take all of the text through the decoder once more.
        let written = Double(result.tokens.count + 1)
        let again = request.options.wordTimestamps ? (prompt + written) * promptToken : 0
        return encoder.constant + encoder.linear * positions + encoder.square * positions * positions
            + prompt * promptToken + written * token + again
    }

    /// The parabola through three points.
    private static func parabola(
        _ p: (x: Double, y: Double), _ q: (x: Double, y: Double), _ r: (x: Double, y: Double)
    ) -> (constant: Double, linear: Double, square: Double) {
        let (first, second) = ((q.y - p.y) / (q.x - p.x), (r.y - q.y) / (r.x - q.x))
        let square = (second - first) / (r.x - p.x)
        let linear = first - square * (p.x + q.x)
        return (p.y - linear * p.x - square * p.x * p.x, linear, square)
    }
}
