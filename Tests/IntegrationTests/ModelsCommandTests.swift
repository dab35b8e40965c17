import Foundation
import Testing

extension CommandLineTests {
    /// `sori models` on a store of its own. Pulling is tried out in ModelsTests.
    @Suite struct Models {
        let store = TemporaryFolder()

        private func sori(_ arguments: String...) async throws -> SoriProcess.Outcome {
            try await SoriProcess(["models"] + arguments, environment: ["SORI_MODELS": store.path]).outcome()
        }

        /// A model as `sori models pull` leaves it, of five bytes.
        private func install(_ name: String, content: String) throws {
            try store.file("\(name)/model.bin", Data(content.utf8))
            let sum = "5994471abb01112afcc18159f6cc74b4f511b99806da59b3caf5a9c173cacfc5"  // of 12345
            let record = """
                {"name": "\(name)", "source": "hub me/\(name)",
                 "files": [{"name": "model.bin", "bytes": 5, "sha256": "\(sum)"}]}
                """
            try store.file("\(name)/sori-model.json", Data(record.utf8))
        }

        @Test func listsWhatIsThereAndWhatCanBeFetched() async throws {
            let before = try await sori("list")
            #expect(before.status == 0)
            #expect(before.output.contains("Models in \(store.path)"))
            #expect(before.output.contains("sori models pull base"))

            try install("small", content: "12345")
            let after = try await sori()
            let (installed, known) = try #require(after.output.split(separator: "\n\n").map(String.init).pair)
            #expect(installed.contains("small") && installed.contains("hub me/small"))
            #expect(!known.contains("faster-whisper-small\n"))
            #expect(known.contains("large-v3-turbo"))
        }

        @Test func verifies() async throws {
            try install("small", content: "12345")
            let good = try await sori("verify")
            #expect(good.status == 0 && good.complaints.isEmpty)
            #expect(good.output == "small/model.bin: OK\n")

            try install("tiny", content: "12346")
            let bad = try await sori("verify")
            #expect(bad.status == 1)
            #expect(bad.output == "small/model.bin: OK\ntiny/model.bin: FAILED, its content has changed\n")
            #expect(bad.complaintLines == ["sori: tiny is damaged: get it again with `sori models pull --force tiny`"])
        }

        @Test func namesAModelThatIsNotThere() async throws {
            let outcome = try await sori("verify", "base")
            #expect(outcome.status == 1 && outcome.output.isEmpty)
            #expect(outcome.complaintLines.count == 1)
            #expect(outcome.complaints.contains("sori models pull base"))
        }

        @Test func refusesToPullANameThatCannotBe() async throws {
            let outcome = try await sori("pull", "../../etc")
            #expect(outcome.status == 1)
            #expect(outcome.complaintLines.count == 1)
            #expect(!FileManager.default.fileExists(atPath: store.path))
        }
    }
}

extension [String] {
    /// The two elements, if there are two.
    fileprivate var pair: (String, String)? { count == 2 ? (self[0], self[1]) : nil }
}
