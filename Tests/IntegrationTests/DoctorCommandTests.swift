import Testing

extension CommandLineTests {
    /// `sori doctor`: what works here.
    @Suite struct Doctor {
        @Test(.needsSpeech) func isContentHere() async throws {
            let outcome = try await SoriProcess.run("doctor")
            #expect(outcome.status == 0, "\(outcome.output)")
            #expect(outcome.complaints.isEmpty)
            let lines = outcome.output.split(separator: "\n")
            #expect(lines.contains { $0.hasPrefix("ok       device    CPU: ") })
            #expect(lines.contains { $0.contains("uses ") && ($0.contains("SSE3") || $0.contains("NEON")) })
            #expect(lines.contains { $0.hasPrefix("ok       model     base: ") && $0.contains("all languages") })
            #expect(lines.contains { $0.hasPrefix("ok       decoding  base on ") })
        }

        @Test func saysHowToGetAModel() async throws {
            let empty = TemporaryFolder()
            let outcome = try await SoriProcess.run("doctor", environment: ["SORI_MODELS": empty.path])
            #expect(outcome.status == 1)
            #expect(outcome.output.contains("missing  model     none in \(empty.path)"), "\(outcome.output)")
            #expect(outcome.output.contains("sori models pull base"))
        }

        @Test func saysHowToGetGGML() async throws {
            let outcome = try await SoriProcess.run("doctor", environment: ["SORI_GGML": "/nonexistent"])
            #expect(outcome.status == 1)
            #expect(outcome.output.contains("missing  ggml"), "\(outcome.output)")
            #expect(outcome.output.contains("make setup"))
        }
    }
}
