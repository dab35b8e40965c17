import Gateway
import NIOCore
import SoriProtocol
import Testing

@Suite("Sound of a client")
struct AudioInputTests {
    @Test("flushes do not shift positions, at any rate", arguments: [8_000, 11_025, 16_000, 22_050, 44_100, 48_000])
    func drift(rate: Int) throws {
        var input = try AudioInput(AudioFormat(sampleRate: rate))
        var (taken, given) = (0, 0)
        for step in 0..<400 {
            let count = 37 * step % 1009
            given += try input.samples(of: ByteBuffer(repeating: 0, count: 2 * count)).count
            taken += count
            given += try input.flush().count
            #expect(abs(given - Int((Double(taken) * 16_000 / Double(rate)).rounded())) <= 1)
        }
    }

    @Test("a flush leaves no sound behind")
    func nothingLeft() throws {
        var input = try AudioInput(AudioFormat(sampleRate: 48_000))
        var frame = ByteBuffer()
        for index in 0..<4800 { frame.writeInteger(Int16(index % 2000 < 1000 ? 8000 : -8000), endianness: .little) }
        let sound = try input.samples(of: frame) + input.flush()
        #expect(sound.count == 1600)
        #expect(sound.suffix(100).contains { abs($0) > 0.1 })
        #expect(try input.flush().isEmpty)
    }
}
