import Audio
import Foundation
import Testing

/// Channels that cancel each other, and those that do not.
@Suite struct ChannelTests {
    private let speech = voice(seconds: 2)

    private func mix(_ left: [Float], _ right: [Float], block: Int = 1_000) -> (mixed: [Float], cancel: Bool) {
        var mixer = Mixer(channels: 2, sampleRate: 16_000)
        let frames = zip(left, right).flatMap { [$0, $1] }
        let mixed = stride(from: 0, to: frames.count, by: 2 * block).flatMap {
            mixer.mix(Array(frames[$0..<min($0 + 2 * block, frames.count)]))
        }
        return (mixed, mixer.channelsCancel)
    }

    @Test(arguments: [-1, -0.9, -1.1] as [Float])
    func aChannelUpsideDownDoesNotSilenceTheOther(gain: Float) {
        let (mixed, cancel) = mix(speech, speech.map { $0 * gain })
        #expect(cancel)
        #expect(abs(likeness(mixed, speech)) > 0.99)
        #expect(abs(AudioLevel(mixed).rmsDecibels - AudioLevel(speech).rmsDecibels) < 1.5)
    }

    @Test func theMeanStaysWhatItIs() {
        let music = sine(330, rate: 16_000, count: speech.count, amplitude: 0.2)
        let silence = [Float](repeating: 0, count: speech.count)
        let quiet = speech.map { $0 * 0.3 }
        for (left, right) in [(speech, music), (speech, silence), (silence, speech), (speech, speech), (speech, quiet)]
        {
            let (mixed, cancel) = mix(left, right)
            #expect(!cancel)
            #expect(mixed == zip(left, right).map { ($0 + $1) * 0.5 })
        }
    }

    @Test func whereTheChannelsAgreeAgainTheMeanComesBack() {
        let left = speech + speech
        let right = speech.map { -$0 } + speech
        let (mixed, cancel) = mix(left, right)
        #expect(cancel)
        #expect(likeness(Array(mixed.suffix(16_000)), Array(left.suffix(16_000))) > 0.9999)
        // Without a click: no step is larger than those of the voice.
        let step = { (samples: [Float]) in zip(samples, samples.dropFirst()).map { abs($1 - $0) }.max() ?? 0 }
        #expect(step(mixed) <= step(left) * 1.05)
    }

    @Test(arguments: [1, 7, 160, 32_000])
    func theSizeOfTheBlocksDoesNotMatter(block: Int) {
        let left = speech + speech
        let right = speech.map { -$0 } + speech
        #expect(mix(left, right, block: block).mixed == mix(left, right).mixed)
    }

    @Test func aFileSaysItOnce() throws {
        let directory = try TemporaryDirectory()
        let frames = speech.flatMap { [$0, -$0] }
        let clip = try AudioFile.read(directory.sound("anti.flac", frames, channels: 2, format: Format.flac))
        #expect(clip.warnings == [.channelsCancel])
        #expect(likeness(clip.samples, speech) > 0.99)
    }
}
