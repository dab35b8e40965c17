internal import Foundation
package import Recognition
package import WhisperText

/// Where somebody speaks in a recording, found by the same gate that finds utterances in live sound.
package struct RecordedSpeech: Sendable {
    /// A stretch in which somebody speaks.
    package struct Stretch: Sendable, Equatable {
        /// Samples from its first to its last loud sound.
        package var range: Range<Int>
        /// Least probability of no speech that the detector gave to any of it.
        package var noSpeech: Float

        package init(range: Range<Int>, noSpeech: Float) {
            self.range = range
            self.noSpeech = noSpeech
        }
    }

    /// Seconds of sound that a window holds at most.
    private static let longestWindow = 30.0
    /// Samples looked at in one go.
    private static let block = 10 * AudioTimeline.sampleRate

    /// In order and apart from each other.
    package let stretches: [Stretch]
    private let samples: [Float]
    /// What the samples are multiplied with before anybody listens.
    private let gain: Float

    /// - Parameters:
    ///   - stretches: where somebody speaks, in order and apart from each other.
    ///   - samples: the recording, at 16 kHz in -1...1.
    package init(_ stretches: [Stretch], in samples: [Float]) {
        self.stretches = stretches
        self.samples = samples
        gain = samples.gainForListening
    }

    /// Looks at a whole recording.
    ///
    /// - Parameters:
    ///   - samples: sound at 16 kHz in -1...1.
    ///   - onProgress: told how many seconds have been looked at.
    /// - Throws: what the detector throws, and `CancellationError`.
    package init(
        of samples: [Float], settings: SpeechGate.Settings = .forRecordings,
        detector: any SpeechDetector, onProgress: (Double) -> Void = { _ in }
    ) async throws {
        var search = Search(settings: settings)
        let gain = samples.gainForListening
        for start in stride(from: 0, to: samples.count, by: Self.block) {
            try Task.checkCancellation()
            search.timeline.append(samples[start..<min(samples.count, start + Self.block)].lazy.map { $0 * gain })
            while let event = search.gate.next(in: search.timeline) {
                try await search.take(event, detector: detector)
            }
            search.timeline.discard(before: search.gate.needed)
            onProgress(search.gate.position.asSeconds)
        }
        while let event = search.gate.finish(at: search.timeline.end) {
            try await search.take(event, detector: detector)
        }
        self.init(search.stretches, in: samples)
    }

    /// The stretches' samples.
    package var ranges: [Range<Int>] { stretches.map(\.range) }

    /// Whether a segment of the recording was said: not where it is what a model writes over other sound or was given to it,
    /// and the detector was not sure that anybody spoke.
    ///
    /// - Parameter given: what the recogniser was told beside the sound.
    package func believes(
        _ segment: Segment, given: GivenText, with hallucinations: HallucinationGuard = .forRecordings
    ) -> Bool {
        let range = segment.start.asSamples..<max(segment.start.asSamples, segment.end.asSamples) + 1
        let noSpeech = stretches.filter { $0.range.overlaps(range) }.map(\.noSpeech).min() ?? 1
        let sound = SoundActivity(samples[range.clamped(to: samples.indices)].map { $0 * gain })
        let reason = hallucinations.reason(
            against: .init(
                text: segment.text,
                // The times of a segment are too rough to tell how fast somebody spoke.
                seconds: Self.longestWindow, averageLogProbability: segment.averageLogProbability,
                compressionRatio: segment.compressionRatio, noSpeechProbability: segment.noSpeechProbability,
                detectorNoSpeech: noSpeech, given: given.share(of: segment.text),
                sound: sound))
        // Refrains are really repeated: where the detector is sure of speech, repeated text stays.
        if reason == .repetition { return noSpeech < hallucinations.surelySpeech }
        return reason == nil
    }
}

extension [Float] {
    /// What a recording is multiplied with before the gate listens: one whose loud parts are below -35 dB of full scale was
    /// recorded too quietly, and the gate takes most of it for silence. Live, nobody knows how loud the rest will be.
    fileprivate var gainForListening: Float {
        let second = AudioTimeline.sampleRate
        let powers = stride(from: 0, to: count, by: second / 4).map { start in
            let end = Swift.min(count, start + second / 4)
            return self[start..<end].reduce(0) { $0 + $1 * $1 } / Float(end - start)
        }.sorted()
        guard let loud = powers.last.map({ _ in powers[Swift.min(powers.count - 1, powers.count * 19 / 20)] }), loud > 0
        else { return 1 }
        // Not more than 40 dB: beyond, there is only the noise of the converter.
        return Swift.min(Swift.max(powf(10, -35 / 20) / loud.squareRoot(), 1), 100)
    }
}

/// The search for speech, with the gate's questions put to a detector.
private struct Search {
    let settings: SpeechGate.Settings
    var gate: SpeechGate
    var timeline = AudioTimeline()
    var stretches: [RecordedSpeech.Stretch] = []
    private var noSpeech: Float = 1
    private var lastEnd: Int?

    init(settings: SpeechGate.Settings) {
        self.settings = settings
        gate = SpeechGate(settings: settings)
    }

    mutating func take(_ event: SpeechGate.Event, detector: any SpeechDetector) async throws {
        switch event {
        case .detect(let range):
            // Without a language the most careful threshold holds: doubtful sound is decoded, and text that nobody said is left
            // out afterwards.
            let detection = try await detector.detect(.init(samples: timeline.samples(in: range)))
            noSpeech = min(noSpeech, detection.noSpeechProbability)
            if let event = gate.answer(detection.isSpeech) {
                try await take(event, detector: detector)
            }
        case .ended(let range):
            add(range)
            noSpeech = 1
        case .quiet: noSpeech = 1
        case .started: break
        }
    }

    /// An utterance without the silence that the gate puts before and after it; where a long one was cut, there is none.
    private mutating func add(_ range: Range<Int>) {
        var start = range.lowerBound
        if start == lastEnd, let last = stretches.last {
            // The one before was cut here: it ends with its sound.
            stretches[stretches.count - 1].range = last.range.lowerBound..<start
        } else {
            start = min(start + settings.preRoll.asSamples, range.upperBound - 1)
        }
        lastEnd = range.upperBound
        let end = max(start + 1, range.upperBound - settings.postRoll.asSamples)
        stretches.append(.init(range: start..<end, noSpeech: noSpeech))
    }
}

extension SpeechGate.Settings {
    /// For recordings, in which nobody waits for an answer: the detector is asked less often while somebody speaks.
    package static var forRecordings: Self {
        var settings = Self()
        settings.detectorHopInSpeech = 4
        settings.refusals = 2
        // Recordings need no early finals, so pauses are not decoded.
        settings.shortestSilence = settings.silence
        return settings
    }
}

extension HallucinationGuard {
    /// For segments of recordings. Over sound without speech, what is neither a phrase nor empty has an average
    /// log-probability below -2.7, real speech that the detector doubts one of about -0.9
    /// (`sori bench recordings --kinds clips`).
    package static var forRecordings: Self {
        var guardian = Self()
        guardian.doubtfulWithoutSpeech = guardian.doubtful
        return guardian
    }
}
