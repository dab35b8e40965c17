internal import Foundation
package import WhisperText

/// What is needed to go on with a session elsewhere.
extension CaptionSession {
    /// A session as it was when it acknowledged sound: with the sound from there on, its finals are the same as if nothing
    /// had happened. Windows that were being recognised are asked for again.
    package struct Checkpoint: Sendable, Equatable, Codable {
        /// An utterance without its final.
        struct Open: Sendable, Equatable, Codable {
            var number: Int
            var start: Int
            var end: Int?
            var detectorNoSpeech: Float
            var isCorrected: Bool
            /// Whether somebody has seen text of it, which its final has to take back if there is none.
            var isShown: Bool
        }

        /// Everything before this sample is done with: sound is wanted from here on.
        package let acknowledged: Int
        let gate: SpeechGate
        let context: TextContext
        let memory: LanguageMemory
        let lastFinal: FinalCaption?
        let current: Open?
        let ended: [Open]
        let translations: [PendingTranslation]
        let utterances: Int
        let saidUntil: Int
        let detectorNoSpeech: Float
        let boundaries: [Boundary]
        /// Where ``sound`` begins.
        let soundStart: Int
        /// Sound before ``acknowledged`` that windows may begin with: 16 bits, the lower byte first.
        let sound: Data
    }

    /// The session now. To be taken when ``nextWork()`` has returned `nil`: what it wants told is not part of it.
    package var checkpoint: Checkpoint {
        let sound = timeline.stored(before: acknowledged).map(\.littleEndian)
        return Checkpoint(
            acknowledged: acknowledged, gate: gate, context: context, memory: memory, lastFinal: lastFinal,
            current: current.map(Checkpoint.Open.init), ended: ended.map(Checkpoint.Open.init),
            translations: translations, utterances: utterances, saidUntil: saidUntil,
            detectorNoSpeech: detectorNoSpeech, boundaries: boundaries,
            soundStart: timeline.start, sound: sound.withUnsafeBytes { Data($0) })
    }

    /// Goes on from a checkpoint. Give it the sound from ``Checkpoint/acknowledged`` on, and flushes that are there or later.
    ///
    /// - Parameter settings: those that were in force then.
    package init(_ checkpoint: Checkpoint, settings: CaptionSettings, tokenizer: Tokenizer) {
        self.init(settings: settings, tokenizer: tokenizer)
        let sound = checkpoint.sound.withUnsafeBytes { bytes in
            (0..<bytes.count / 2).map {
                Int16(littleEndian: bytes.loadUnaligned(fromByteOffset: 2 * $0, as: Int16.self))
            }
        }
        timeline = AudioTimeline(startingAt: checkpoint.soundStart, stored: sound)
        (gate, context, memory) = (checkpoint.gate, checkpoint.context, checkpoint.memory)
        lastFinal = checkpoint.lastFinal
        (utterances, saidUntil) = (checkpoint.utterances, checkpoint.saidUntil)
        (detectorNoSpeech, boundaries) = (checkpoint.detectorNoSpeech, checkpoint.boundaries)
        (acknowledged, translations) = (checkpoint.acknowledged, checkpoint.translations)
        openQuestion = gate.openQuestion
        ended = checkpoint.ended.map { utterance($0, lead: nil) }
        current = checkpoint.current.map {
            utterance($0, lead: ended.isEmpty ? lead(settings.liveLead, to: $0.start) : nil)
        }
    }

    private func utterance(_ open: Checkpoint.Open, lead: LeftContext?) -> Utterance {
        var utterance = Utterance(
            number: open.number, start: open.start, detectorNoSpeech: open.detectorNoSpeech,
            policy: settings.makePolicy(tokenizer: tokenizer, lead: lead), isCorrected: open.isCorrected)
        utterance.end = open.end
        if open.isShown { utterance.told = Caption() }
        return utterance
    }

    /// Whether the sound before a sample is there: after a checkpoint it comes again.
    func isHere(until position: Int) -> Bool { position <= timeline.end }

    /// Puts a question to the detector that was open at the checkpoint, once its sound is there again.
    mutating func askAgain() {
        guard let question = openQuestion, isHere(until: question.upperBound) else { return }
        openQuestion = nil
        queue.append(.detect(detectionRequest(question)))
    }
}

extension CaptionSession.Checkpoint.Open {
    fileprivate init(_ utterance: Utterance) {
        self.init(
            number: utterance.number, start: utterance.start, end: utterance.end,
            detectorNoSpeech: utterance.detectorNoSpeech, isCorrected: utterance.isCorrected,
            isShown: utterance.told != nil)
    }
}
