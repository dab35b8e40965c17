import Foundation
import Testing

extension CommandLineTests {
    /// A GPU. On machines without one, Mesa's llvmpipe takes its place where it is installed: ggml leaves it alone unless it
    /// is told to use it, in an environment variable that it reads once, when it is loaded.
    @Suite(.needsSpeech) struct Devices {
        private static let environment = ["GGML_VK_VISIBLE_DEVICES": "0"]

        /// Whether a GPU is there is only known to a process that has loaded ggml with that variable set.
        private static func hasGPU() async throws -> Bool {
            guard Machine.hasSori else { return false }
            return try await SoriProcess.run("doctor", "--device", "cpu", environment: environment).output.contains(
                "Vulkan0")
        }

        @Test(.enabled("there is no Vulkan device: run 'make setup'") { try await hasGPU() })
        func theGPUWritesWhatTheCPUWrites() async throws {
            let folder = TemporaryFolder()
            let file = try folder.file("opening.wav", Wave.integers(TwoCities.samples(seconds: 3))).path
            // Mesa's device on a CPU crashes where word times are computed, which subtitles are cut by.
            let arguments = [
                "transcribe", file, "--quiet", "--language", "en", "--format", "tsv", "--margin", "64", "--no-cut",
            ]
            let gpu = try await SoriProcess(arguments + ["--device", "gpu"], environment: Self.environment).outcome()
            let cpu = try await SoriProcess(arguments + ["--device", "cpu", "--weights", "f16"]).outcome()
            #expect(gpu.status == 0 && gpu.complaints.isEmpty, "\(gpu.complaints)")
            #expect(gpu.output.contains("best of times"))
            #expect(gpu.output == cpu.output)
        }
    }
}
