import SoriProtocol
import Testing

@Suite("Sound on its way to a worker")
struct SoundEncodingTests {
    private func read(_ encoded: (encoding: SoundEncoding, bytes: [UInt8])) -> [Float]? {
        encoded.bytes.withUnsafeBytes { encoded.encoding.samples(of: $0) }
    }

    @Test("what is a 16-bit number takes two bytes, and comes out as it was")
    func exact() {
        let samples = (-32_767...32_767).map { Float($0) / 32_767 }
        let encoded = SoundEncoding.encode(samples)
        #expect(encoded.encoding == .pcmS16LE && encoded.bytes.count == 2 * samples.count)
        #expect(read(encoded) == samples)
        #expect(SoundEncoding.encode(samples[100..<110]).bytes == Array(encoded.bytes[200..<220]))
        #expect(SoundEncoding.encode([]).bytes == [])
    }

    @Test(
        "one sample that is no such number makes all of them take four",
        arguments: [0.1, -1.5, 2, 1e30, -1e30, .infinity])
    func inexact(sample: Float) {
        let samples: [Float] = [0, 1, sample, -1]
        let encoded = SoundEncoding.encode(samples)
        #expect(encoded.encoding == .pcmF32LE && read(encoded) == samples)
        #expect(read(SoundEncoding.encode([0, .nan]))?.last?.isNaN == true)
    }
}
