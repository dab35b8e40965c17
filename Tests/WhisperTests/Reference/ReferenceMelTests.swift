import Foundation
import Testing
import Whisper

extension ReferenceTests {
    /// Where a recording ends without silence, the reference mirrors it there and Sori does not: a live window goes on. Only
    /// frames that reach beyond the end differ, which are the last two of such an entry.
    @Suite("Log-mel", .enabled(if: ReferenceFacts.has("mel"), "needs the reference's values"))
    struct MelComparison {
        @Test("is the reference's within 1e-4")
        func mel() throws {
            let facts = try ReferenceFacts.entries("mel", as: MelFact.self)
            #expect(facts.count >= 10)
            var worst: Float = 0
            for fact in facts {
                let expected = try fact.mel.transposed()
                let frames = fact.padding == "none" ? fact.mel.shape[1] - 2 : fact.mel.shape[1]
                // A position is two frames; the last frame of an odd number is compared as well.
                let window = try LogMel(bands: fact.mels)
                    .window(of: fact.samples.values(), positions: (fact.mel.shape[1] + 1) / 2)
                let difference = largestDifference(
                    Array(window.values.prefix(frames * fact.mels)), Array(expected.prefix(frames * fact.mels)))
                #expect(difference <= 1e-4, "\(fact.name)")
                worst = max(worst, difference)
            }
            report("log-mel, \(facts.count) clips: largest difference \(worst)")
        }
    }

    /// The encoder is given the reference's log-mel, so that nothing else can differ.
    @Suite(
        "Encoder",
        .enabled(if: ReferenceFacts.has("encoder") && InstalledModels.has("base"), "needs the reference and base"))
    struct EncoderComparison {
        @Test(
            "points where the reference's does, for long and short windows",
            arguments: [(WeightPlan.exact as WeightPlan?, 0.9999), (nil, 0.999)])
        func encoder(plan: WeightPlan?, least: Double) throws {
            let model = try Model(path: InstalledModels.path("base"), device: .select("cpu"), plan: plan)
            let network = try Network(model: model, threads: 2)
            let facts = try ReferenceFacts.entries("encoder", as: EncoderFact.self)
            #expect(facts.contains { $0.positions == 1500 } && facts.contains { $0.positions < 200 })
            for fact in facts {
                let window = MelWindow(normalised: try fact.mel.transposed(), bands: fact.mel.shape[0])
                #expect(window.positions == fact.positions)
                let (output, expected) = (try network.encoderOutput(window), try fact.output.values())
                let cosine = cosine(output, expected)
                #expect(cosine >= least, "\(fact.name) in \(model.plan)")
                let width = fact.output.shape[1]
                let worst =
                    (0..<fact.positions).map { position in
                        let row = position * width..<(position + 1) * width
                        return WhisperTests.cosine(output[row], expected[row])
                    }.min() ?? 0
                report(
                    "encoder in \(model.plan), \(fact.name): cosine \(String(format: "%.6f", cosine)), "
                        + "of the worst position \(String(format: "%.6f", worst))")
            }
        }
    }
}
