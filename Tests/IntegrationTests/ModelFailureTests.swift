import Foundation
import Testing

extension CommandLineTests {
    /// Models and libraries that are damaged or missing.
    @Suite(.needsSpeech) struct ModelFailures {
        let folder = TemporaryFolder()

        private func expectOneLine(_ outcome: SoriProcess.Outcome, naming words: String...) {
            #expect(outcome.status == 1)
            #expect(outcome.output.isEmpty)
            #expect(outcome.complaintLines.count == 1, "\(outcome.complaints)")
            for word in words { #expect(outcome.complaints.contains(word), "\(outcome.complaints)") }
        }

        @Test(arguments: [0, 3, 1000, 1_000_000, 100_000_000])
        func refusesAModelThatWasCutShort(bytes: Int) async throws {
            let base = URL(filePath: Machine.models + "/base")
            for name in ["config.json", "tokenizer.json", "vocabulary.txt"] {
                try folder.file(name, Data(contentsOf: base.appending(path: name)))
            }
            let model = try FileHandle(forReadingFrom: base.appending(path: "model.bin"))
            try folder.file("model.bin", model.read(upToCount: bytes) ?? Data())
            let outcome = try await SoriProcess.run("transcribe", "--quiet", "--model", folder.path, TwoCities.path)
            expectOneLine(outcome, naming: "model.bin")
        }

        @Test func refusesAFileThatIsNoModel() async throws {
            let outcome = try await SoriProcess.run("transcribe", "--model", TwoCities.path, TwoCities.path)
            expectOneLine(outcome, naming: TwoCities.path)
        }

        @Test func saysHowToGetAModel() async throws {
            let outcome = try await SoriProcess.run(
                "transcribe", TwoCities.path, environment: ["SORI_MODELS": folder.path])
            expectOneLine(outcome, naming: "sori models pull base")
        }

        @Test(arguments: ["auto", "cpu"])
        func saysHowToGetGGML(device: String) async throws {
            let outcome = try await SoriProcess.run(
                "transcribe", "--device", device, TwoCities.path, environment: ["SORI_GGML": "/nonexistent"])
            expectOneLine(outcome, naming: "/nonexistent", "make setup")
        }
    }
}
