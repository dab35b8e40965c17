import Foundation
import Whisper

extension SyntheticModel {
    /// Two layers with two heads each, for up to 200 positions of sound and 64 tokens. Its vocabulary fills no whole tile.
    static let small = SyntheticModel(
        dimensions: Dimensions(
            vocabulary: 700, audioPositions: 200, audioState: 128, audioHeads: 2, audioLayers: 2,
            textPositions: 64, textState: 128, textHeads: 2, textLayers: 2))

    /// How it is stored while it is loaded.
    enum Storage: CaseIterable {
        case ctranslate2, ggml
    }

    /// The model on the CPU.
    func load(plan: WeightPlan = .exact, storage: Storage = .ctranslate2) throws -> Model {
        try withTemporaryDirectory { directory in
            switch storage {
            case .ctranslate2: try writeCTranslate2(to: directory)
            case .ggml: try writeGGML(to: directory + "/ggml-synthetic.bin")
            }
            // The file stays mapped after it is removed.
            return try Model(path: directory, device: .select("cpu"), plan: plan)
        }
    }

    /// A window of noise, of any length.
    func window(positions: Int, seed: UInt64 = 1) -> MelWindow {
        var random = SeededGenerator(seed: seed, name: "window")
        let count = 2 * positions * dimensions.melBands
        return MelWindow(
            normalised: (0..<count).map { _ in Float.random(in: -1...1, using: &random) }, bands: dimensions.melBands)
    }

    /// Some tokens.
    func tokens(_ count: Int, seed: UInt64 = 1) -> [Int] {
        var random = SeededGenerator(seed: seed, name: "tokens")
        return (0..<count).map { _ in Int.random(in: 0..<dimensions.vocabulary, using: &random) }
    }
}

extension Network {
    /// Probabilities of the token after `tokens`, which listen to an encoded window and follow nothing else.
    func next(after tokens: [Int], listeningTo audio: Range<Int>) throws -> [Float] {
        forgetRows()
        var sequences = [TokenSequence(audio: audio)]
        return try step([tokens], to: &sequences).next(of: 0)
    }
}

extension StepResult {
    /// A copy of a sequence's probabilities.
    func next(of sequence: Int) -> [Float] {
        withNextProbabilities(of: sequence) { Array($0) }
    }
}

/// The largest difference between two lists of probabilities; infinite for lists of different length.
func largestDifference(_ one: [Float], _ other: [Float]) -> Float {
    guard one.count == other.count else { return .infinity }
    return zip(one, other).reduce(0) { max($0, abs($1.0 - $1.1)) }
}

/// The cosine of the angle between two lists of numbers; not a number for lists of different length.
func cosine(_ one: some Collection<Float>, _ other: some Collection<Float>) -> Double {
    guard one.count == other.count else { return .nan }
    var (product, first, second) = (0.0, 0.0, 0.0)
    for (a, b) in zip(one, other) {
        product += Double(a) * Double(b)
        first += Double(a) * Double(a)
        second += Double(b) * Double(b)
    }
    return product / (first * second).squareRoot()
}
