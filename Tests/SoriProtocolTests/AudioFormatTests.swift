import SoriProtocol
import Testing

@Suite struct AudioFormatTests {
    @Test(arguments: [
        (AudioFormat(), 2, 32_000), (AudioFormat(encoding: .pcmF32LE, sampleRate: 48_000, channels: 2), 8, 384_000),
        (AudioFormat(encoding: .pcmMuLaw, sampleRate: 8_000), 1, 8_000),
    ])
    func sizes(format: AudioFormat, bytesPerFrame: Int, bytesPerSecond: Int) {
        #expect(format.bytesPerFrame == bytesPerFrame)
        #expect(format.bytesPerSecond == bytesPerSecond)
    }
}
