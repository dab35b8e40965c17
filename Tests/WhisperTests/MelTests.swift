import Foundation
import SeededRandom
import Testing
import Whisper

/// Log-mel spectra of made-up sound. How they compare with the reference is in `ReferenceMelTests`.
@Suite("Log-mel spectra")
struct MelTests {
    private let mel: LogMel

    init() throws {
        mel = try LogMel(bands: 80)
    }

    @Test(
        "a window does not depend on how the sound arrives", arguments: [7, 160, 161, 399, 400, 1_000, 16_000, 50_000])
    func incremental(chunk: Int) throws {
        let samples = MelSignals.voice(samples: 37_123)
        var stream = LogMelStream(mel)
        var start = 0
        while start < samples.count {
            let end = min(samples.count, start + chunk)
            try stream.append(Array(samples[start..<end]))
            let isChecked = end == samples.count || (start / chunk) % 40 == 1 || end < 1_000
            start = end
            guard isChecked else { continue }
            for positions in [50, 180] {
                try expect(
                    stream.window(positions: positions), mel.window(of: Array(samples[..<end]), positions: positions))
            }
        }
        #expect(stream.firstFrame == 0)
        #expect(stream.finishedFrames == (samples.count - 200) / 160 + 1)
    }

    @Test("very short sound is a window too", arguments: [0, 1, 160, 199, 200, 201, 399, 400])
    func short(count: Int) throws {
        let samples = MelSignals.voice(samples: count)
        var stream = LogMelStream(mel)
        try stream.append(samples)
        try expect(stream.window(positions: 20), mel.window(of: samples, positions: 20))
        #expect(try stream.window(positions: 20).values.count == 40 * 80)
    }

    @Test("forgetting the start moves the window", arguments: [1, 3, 64, 100])
    func discarding(frames: Int) throws {
        let samples = MelSignals.voice(samples: 48_000)
        var stream = LogMelStream(mel)
        try stream.append(Array(samples[..<20_000]))
        stream.discard(frames: frames)
        try stream.append(Array(samples[20_000...]))
        #expect(stream.firstFrame == frames)
        try expect(stream.window(positions: 170), mel.window(of: samples, from: frames * 160, positions: 170))
        stream.discard(frames: 10)
        #expect(stream.firstFrame == frames + 10)
        try expect(stream.window(positions: 150), mel.window(of: samples, from: (frames + 10) * 160, positions: 150))
    }

    @Test("no more is forgotten than is finished")
    func discardingAll() throws {
        var stream = LogMelStream(mel)
        stream.discard(frames: 5)
        #expect(stream.firstFrame == 0)
        try stream.append(MelSignals.voice(samples: 1_000))
        let finished = stream.finishedFrames
        stream.discard(frames: 1_000)
        #expect(stream.firstFrame == finished)
        #expect(stream.finishedFrames == 0)
    }

    @Test("sound ends as if digital silence followed")
    func padding() throws {
        let samples = MelSignals.voice(samples: 20_011)
        let padded = samples + [Float](repeating: 0, count: 40_000)
        try expect(mel.window(of: samples, positions: 150), mel.window(of: padded, positions: 150))
    }

    @Test("a window may start anywhere and stop anywhere")
    func part() throws {
        let samples = MelSignals.voice(samples: 64_000)
        let window = try mel.window(of: samples, from: 16_000, seconds: 2, positions: 100)
        let frames = try mel.window(of: samples, positions: 200).values.dropFirst(100 * 80).prefix(200 * 80)
        // Both are cut at their own loudest sound; what is well above is the same.
        for (value, expected) in zip(window.values, frames) where expected > 0 { #expect(abs(value - expected) < 1e-5) }
    }

    @Test("long sound is computed as short sound is")
    func batches() throws {
        let samples = MelSignals.voice(samples: 160 * 700)
        let whole = try samples.withUnsafeBufferPointer { try mel.frames(of: $0, count: 600) }
        for first in [0, 31, 32, 255, 256, 300, 599] {
            let frame = try samples[(first * 160)...].withUnsafeBufferPointer { try mel.frames(of: $0, count: 1) }
            for (value, expected) in zip(frame, whole[(first * 80)...]) { #expect(abs(value - expected) < 1e-5) }
        }
    }

    @Test("silence is silence, and no sound is infinite")
    func silence() throws {
        let silent = try mel.window(of: [Float](repeating: 0, count: 16_000), positions: 60)
        #expect(silent.values.allSatisfy { $0 == -1.5 })
        let loud = try mel.window(of: MelSignals.voice(samples: 16_000).map { $0 * 1000 }, positions: 60)
        #expect(loud.values.allSatisfy { $0.isFinite })
    }

    @Test("a tone is heard in the band of its pitch", arguments: [80, 128])
    func tones(bands: Int) throws {
        let mel = try LogMel(bands: bands)
        for hertz in [150.0, 440, 1_000, 2_500, 6_000] {
            let tone = (0..<16_000).map { Float(sin(2 * .pi * hertz * Double($0) / 16_000)) }
            let frame = try mel.window(of: tone, positions: 50).values.dropFirst(50 * bands).prefix(bands)
            let loudest = try #require(frame.indices.max { frame[$0] < frame[$1] }) - frame.startIndex
            // Slaney's scale: 3 mel for 200 Hz up to 1 kHz, then 27 mel for each factor of 6.4.
            let mels = hertz < 1_000 ? hertz * 3 / 200 : 15 + 27 * log(hertz / 1_000) / log(6.4)
            let top = 15 + 27 * log(8.0) / log(6.4)
            let place = mels / top * Double(bands + 1) - 1
            #expect(abs(Double(loudest) - place) <= 1, "\(hertz) Hz in band \(loudest) instead of \(place)")
        }
    }

    private func expect(
        _ window: MelWindow, _ expected: MelWindow, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(window.values.count == expected.values.count, sourceLocation: sourceLocation)
        let worst = zip(window.values, expected.values).reduce(0) { max($0, abs($1.0 - $1.1)) }
        #expect(worst <= 1e-5, sourceLocation: sourceLocation)
    }
}

/// From frames to what the encoder takes.
@Suite("Windows of log-mel frames")
struct MelWindowTests {
    @Test("values are cut off 80 dB below the loudest and moved around 0")
    func normalisation() {
        let window = MelWindow(frames: [2, -7, -5.5, -6.5] as [Float], bands: 2, positions: 1)
        #expect(Array(window.values) == [1.5, -0.5, -0.375, -0.5])
        #expect(window.positions == 1)
    }

    @Test("a margin is as silent as the quietest sound that counts")
    func margin() {
        let window = MelWindow(frames: [2, 0] as [Float], bands: 2, positions: 2)
        #expect(Array(window.values) == [1.5, 1] + [Float](repeating: -0.5, count: 6))
        let empty = MelWindow(frames: [] as [Float], bands: 2, positions: 1)
        #expect(Array(empty.values) == [-1.5, -1.5, -1.5, -1.5])
    }

    @Test("frames beyond the window are left out, also when they are louder")
    func cut() {
        let frames: [Float] = [1, 1, 1, 1, 9, 9]
        #expect(
            Array(MelWindow(frames: frames, bands: 2, positions: 1).values)
                == Array(MelWindow(frames: frames.prefix(4), bands: 2, positions: 1).values))
    }

    @Test("normalised values are taken as they are; a position is two frames")
    func normalised() {
        let values = (0..<10).map(Float.init)
        let window = MelWindow(normalised: values, bands: 2)
        #expect(window.positions == 2)
        #expect(Array(window.values) == Array(values.prefix(8)))
    }
}

/// Made-up sound, the same every time.
enum MelSignals {
    /// A gliding voice with pauses and a little noise.
    static func voice(samples count: Int) -> [Float] {
        var random = SplitMix64(state: 5)
        var phase = 0.0
        return (0..<count).map { index in
            let time = Double(index) / 16_000
            phase += 2 * .pi * (160 + 60 * sin(3 * time)) / 16_000
            let harmonics = (1...12).reduce(0) { $0 + sin(phase * Double($1)) / Double($1) }
            let loudness = max(0, sin(4 * time + 0.5))
            return Float(0.2 * loudness * harmonics + 0.002 * Double.random(in: -1...1, using: &random))
        }
    }
}
