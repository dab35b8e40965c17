import Foundation
import Testing
import Whisper

/// One model, stored in every way that the network can hold it.
@Suite("Network and the storage of weights")
struct NetworkFormatTests {
    private static let synthetic = SyntheticModel.small

    private static let exact = Result { try probabilities(synthetic.load()) }

    /// After texts that need one row, several, and a padded step.
    private static func probabilities(_ model: Model) throws -> [[Float]] {
        let network = try Network(model: model, threads: 1)
        let audio = try network.encode(synthetic.window(positions: 100))
        return try [1, 5, 30].map { try network.next(after: synthetic.tokens($0), listeningTo: audio) }
    }

    @Test("both kinds of files give the same")
    func files() throws {
        #expect(try Self.probabilities(Self.synthetic.load(storage: .ggml)) == Self.exact.get())
    }

    @Test("the number of threads changes nothing")
    func threads() throws {
        let model = try Self.synthetic.load()
        let network = try Network(model: model, threads: 2)
        let audio = try network.encode(Self.synthetic.window(positions: 100))
        let next = try network.next(after: Self.synthetic.tokens(5), listeningTo: audio)
        #expect(try largestDifference(next, Self.exact.get()[1]) < 2e-5)
    }

    @Test(
        "fewer bits change little, in every arrangement",
        arguments: WeightPlan.Format.allCases, [true, false])
    func plans(format: WeightPlan.Format, packed: Bool) throws {
        let plan = WeightPlan(encoder: format, decoder: format, packed: packed)
        let results = try Self.probabilities(Self.synthetic.load(plan: plan))
        for (result, expected) in try zip(results, Self.exact.get()) {
            #expect(abs(result.reduce(0, +) - 1) < 1e-3)
            // Random weights have no favourite token; a real model's texts are compared elsewhere.
            #expect(cosine(result.map { log($0) }, expected.map { log($0) }) > (format == .q8_0 ? 0.995 : 0.999))
        }
    }

    @Test("a model too wide for its blocks or with odd sizes loads in 8 bits as well")
    func smallest() throws {
        let synthetic = SyntheticModel.smallest
        let model = try synthetic.load(plan: WeightPlan(encoder: .q8_0, decoder: .q8_0))
        let network = try Network(model: model, threads: 1)
        let audio = try network.encode(synthetic.window(positions: 24))
        #expect(try abs(network.next(after: [1, 2], listeningTo: audio).reduce(0, +) - 1) < 1e-3)
    }

    @Test("working memory is counted, and weights take the room that their format needs")
    func bytes() throws {
        let full = try Self.synthetic.load()
        let small = try Self.synthetic.load(plan: WeightPlan(encoder: .q8_0, decoder: .q8_0, packed: false))
        #expect(small.weightBytes < full.weightBytes / 2)
        let network = try Network(model: full, threads: 1)
        let before = network.bytes
        _ = try network.encode(Self.synthetic.window(positions: 100))
        #expect(before > 0 && network.bytes > before)
    }
}
