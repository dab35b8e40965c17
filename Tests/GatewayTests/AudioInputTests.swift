import Gateway
import NIOCore
import SeededRandom
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

    @Test(
        "another gateway hears the very same samples, wherever it goes on",
        arguments: [8_000, 11_025, 16_000, 22_050, 44_100, 47_999, 48_000, 96_000], [1, 2])
    func goesOn(rate: Int, channels: Int) throws {
        let format = AudioFormat(sampleRate: rate, channels: channels)
        var random = SplitMix64(state: UInt64(rate))
        let sound = (0..<(3 * rate)).map { _ in Int16(random.next() % 20_000) - 10_000 }
        let flushes = [rate / 3 + 1, rate / 3 + 1, 2 * rate + 77]
        func frame(_ range: Range<Int>) -> ByteBuffer {
            var frame = ByteBuffer()
            for sample in sound[range] {
                for _ in 0..<channels { frame.writeInteger(sample, endianness: .little) }
            }
            return frame
        }
        var places = try SoundPlaces(format)
        var input = try AudioInput(format)
        var whole: [Float] = []
        var position = 0
        for next in flushes + [sound.count] {
            while position < next {
                let end = min(next, position + 1 + Int(random.next() % 3_000))
                whole += try input.samples(of: frame(position..<end))
                position = end
            }
            guard next < sound.count else { continue }
            whole += try input.flush()
            places.begin(at: next)
        }
        for _ in 0..<40 {
            let known = Int(random.next() % UInt64(whole.count))
            let start = places.sample(before: known)
            #expect(start * 16_000 / rate <= known)
            var other = try AudioInput(format, places: places, from: start, position: known)
            var heard: [Float] = []
            var position = start
            while position < sound.count {
                let end = min(sound.count, position + 1 + Int(random.next() % 9_000))
                heard += try other.samples(of: frame(position..<end))
                position = end
            }
            #expect(heard == Array(whole[known...]))
        }
    }
}
