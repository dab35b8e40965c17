import Listening
import SeededRandom
import SoriProtocol
import Testing

@Suite struct UnacknowledgedAudioTests {
    private let format = AudioFormat(encoding: .pcmS16LE, sampleRate: 8_000, channels: 1)

    /// Samples that tell their positions.
    private func samples(_ range: Range<Int>) -> [UInt8] {
        range.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    }

    @Test func soundIsReadByPosition() {
        var audio = UnacknowledgedAudio(format: format, capacity: 1_000)
        #expect(audio.append(samples(0..<100)) == nil)
        #expect(audio.append(samples(100..<300)) == nil)
        #expect(audio.read(from: 50, maximum: 100) == samples(50..<150))
        #expect(audio.read(from: 250, maximum: 100) == samples(250..<300))
        #expect(audio.read(from: 300, maximum: 100).isEmpty)
        #expect(audio.read(from: 400, maximum: 100).isEmpty)
    }

    @Test func whatIsAcknowledgedIsLetGo() {
        var audio = UnacknowledgedAudio(format: format, capacity: 1_000)
        _ = audio.append(samples(0..<500))
        audio.acknowledge(before: 200)
        #expect((audio.acknowledged, audio.start, audio.end) == (200, 200, 500))
        audio.acknowledge(before: 100)
        #expect(audio.acknowledged == 200, "acknowledgements do not go back")
        audio.acknowledge(before: 9_999)
        #expect(audio.acknowledged == 500, "nor into the future")
    }

    @Test func beyondTheBoundTheOldestGivesWay() {
        var audio = UnacknowledgedAudio(format: format, capacity: 100)
        #expect(audio.append(samples(0..<80)) == nil)
        #expect(audio.append(samples(80..<130)) == 0..<30)
        #expect(audio.append(samples(130..<400)) == 30..<300)
        #expect((audio.start, audio.end) == (300, 400))
        #expect(audio.read(from: 300, maximum: 1_000) == samples(300..<400))
    }

    @Test func whatGaveWayIsSilenceInItsPlace() {
        var audio = UnacknowledgedAudio(format: format, capacity: 100)
        _ = audio.append(samples(0..<150))
        #expect(audio.read(from: 40, maximum: 30) == [UInt8](repeating: 0, count: 20) + samples(50..<70))
        #expect(audio.read(from: 0, maximum: 10) == [UInt8](repeating: 0, count: 20))
        var telephone = UnacknowledgedAudio(format: AudioFormat(encoding: .pcmMuLaw, sampleRate: 8_000), capacity: 2)
        _ = telephone.append([1, 2, 3])
        #expect(telephone.read(from: 0, maximum: 3) == [0xFF, 2, 3])
    }

    @Test func halfASampleIsNoSample() {
        var audio = UnacknowledgedAudio(format: format, capacity: 100)
        _ = audio.append([1, 2, 3])
        #expect(audio.end == 1)
        #expect(audio.read(from: 0, maximum: 9) == [1, 2])
    }

    @Test(arguments: 0..<50) func anyOrderKeepsEverySampleInItsPlace(seed: Int) {
        var chance = SplitMix64(state: UInt64(seed))
        var audio = UnacknowledgedAudio(format: format, capacity: 500)
        var lost = 0
        for _ in 0..<200 {
            switch Int.random(in: 0..<3, using: &chance) {
            case 0:
                let block = samples(audio.end..<(audio.end + Int.random(in: 0..<200, using: &chance)))
                lost += audio.append(block)?.count ?? 0
            case 1:
                audio.acknowledge(before: audio.acknowledged + Int.random(in: -50..<300, using: &chance))
            default:
                let from = Int.random(in: audio.start...audio.end, using: &chance)
                let count = Int.random(in: 0..<300, using: &chance)
                #expect(audio.read(from: from, maximum: count) == samples(from..<min(from + count, audio.end)))
            }
            #expect(audio.acknowledged <= audio.start && audio.start <= audio.end)
            #expect(audio.end - audio.start <= audio.capacity)
        }
        #expect(lost > 0)
    }
}
