#if os(Linux)
    import Audio
    import Foundation
    import Listening
    import SoriProtocol
    import Testing

    /// A sound is played to a null sink of PulseAudio, and must come out of its monitor as of a microphone.
    @Suite(.enabled(if: SoundServer.isInstalled, "PulseAudio is not installed"), .serialized, .timeLimit(.minutes(1)))
    struct MicrophoneTests {
        private struct Heard: Error {}

        @Test func whatIsPlayedIsHeard() async throws {
            try await SoundServer.run { server in
                let devices = try Microphone.devices()
                #expect(devices.contains { $0.name == "pulse" })
                #expect(devices.filter(\.isDefault).count <= 1)
                let microphone = try Microphone(device: "pulse")
                #expect(microphone.format.sampleRate == 16_000 && microphone.format.channels == 1)

                let tone = (0..<80_000).map { 0.5 * sin(Float($0) * 2 * .pi * 440 / 16_000) }
                try server.play(FileSound.signed16(tone))
                let loud = Loud()
                await #expect(throws: Heard.self) {
                    try await microphone.run { block in
                        let samples = try PCM(block.bytes, encoding: .signed16).samples
                        #expect(samples.count == 640)
                        if await loud.hears(samples) { throw Heard() }
                    }
                }
                #expect(abs(await loud.frequency - 440) < 5)
            }
        }

        @Test func aMicrophoneThatIsGoneIsTold() async throws {
            try await SoundServer.run { server in
                let microphone = try Microphone(device: "pulse")
                let error = await #expect(throws: SoundError.self) {
                    try await microphone.run { _ in await server.stop() }
                }
                #expect(error?.description.hasPrefix("the microphone 'pulse' is gone (") == true)
            }
        }

        @Test func whoStopsListeningWaitsForNothing() async throws {
            try await SoundServer.run { _ in
                let microphone = try Microphone(device: "pulse")
                await #expect(throws: Heard.self) { try await microphone.run { _ in throw Heard() } }
            }
        }
    }

    /// Collects a second of sound that is loud all the time.
    private actor Loud {
        private var samples: [Float] = []

        func hears(_ block: [Float]) -> Bool {
            if AudioLevel(block).rms > 0.3 { samples += block } else { samples = [] }
            return samples.count >= 16_000
        }

        /// From the times that the wave crosses zero.
        var frequency: Double {
            let crossings = zip(samples, samples.dropFirst()).count { $0 < 0 && $1 >= 0 }
            return Double(crossings) / (Double(samples.count) / 16_000)
        }
    }
#endif
