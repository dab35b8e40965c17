import WhisperText

/// Writes down the sections of one recording, one after the other, each window with the text before it as context.
struct RecordingDecoder {
    /// Samples of the longest window.
    private static let longest = Int(Transcriber.windowSeconds) * Transcriber.sampleRate
    /// A rest with less speech holds no word, in seconds.
    private static let shortestRest = 0.3
    /// So many seconds of speech after the last word of a window are decoded once more.
    private static let unwritten = 1.0
    /// Text with a lower average log-probability may be in another language.
    private static let doubtful: Float = -1.2

    private let transcriber: Transcriber
    private let samples: [Float]
    private let sections: [HeardSection]
    private let options: DecodingOptions
    private let isCancelled: () -> Bool
    private let isBelieved: (Segment) -> Bool
    private let onSegment: (Segment) -> Void
    private let onProgress: (Double) -> Void
    private var language: RecordingLanguage
    private(set) var transcript: Transcript
    /// Tokens of what was said before.
    private var context: [Int] = []
    private var tokenizer: Tokenizer { transcriber.model.tokenizer }

    init(
        _ samples: [Float], sections: [HeardSection], options: DecodingOptions, transcriber: Transcriber,
        isCancelled: @escaping () -> Bool, isBelieved: @escaping (Segment) -> Bool,
        onSegment: @escaping (Segment) -> Void,
        onProgress: @escaping (Double) -> Void
    ) {
        self.transcriber = transcriber
        self.samples = samples
        self.sections = sections
        self.options = options
        self.isCancelled = isCancelled
        self.isBelieved = isBelieved
        self.onSegment = onSegment
        self.onProgress = onProgress
        language = RecordingLanguage(given: transcriber.model.tokenizer.isMultilingual ? options.language : "en")
        transcript = Transcript(
            text: "", language: language.current ?? "", duration: Self.seconds(samples.count), segments: [])
    }

    /// Writes down all sections.
    mutating func run() throws {
        for index in sections.indices { try decode(sections[index], number: index) }
        transcript.text = tokenizer.decode(transcript.segments.flatMap(\.tokens)).trimmingWhitespace
        transcript.language = language.main ?? options.language ?? "en"
        transcript.languageProbability = language.probability
        onProgress(transcript.duration)
    }

    // MARK: - Windows

    private mutating func decode(_ section: HeardSection, number: Int) throws {
        context = []
        var position = 0
        var lastSpeech = 0.0
        var isFirst = true
        while position < section.count {
            let end = min(position + Self.longest, section.count)
            let window = position..<end
            if Self.seconds(section.speech(in: window)) < Self.shortestRest, position > 0 { break }
            let sound = section.samples(of: samples, in: window)
            if sound.isInaudible {
                // Where there is no sound at all, the model makes up thanks to the audience.
                context = []
                position = end
            } else {
                let consumed = try decode(
                    sound, of: section, at: position, isFirst: isFirst, number: number, lastSpeech: &lastSpeech)
                isFirst = false
                // Whatever the timestamps say, the recording must come to an end.
                position += max(Int(consumed * Double(Transcriber.sampleRate)), Transcriber.sampleRate / 10)
            }
            onProgress(section.times(of: 0...Self.seconds(min(position, section.count))).upperBound)
        }
    }

    /// Writes down one window.
    ///
    /// - Parameter isFirst: whether it follows a long pause, after which another language may be spoken.
    /// - Returns: seconds of it that are done with.
    private mutating func decode(
        _ sound: [Float], of section: HeardSection, at position: Int, isFirst: Bool, number: Int,
        lastSpeech: inout Double
    ) throws -> Double {
        let seconds = Self.seconds(sound.count)
        var audio = try transcriber.encode(sound, seconds: seconds, margin: options.margin)
        if language.isOpen(afterPause: isFirst) {
            language.hear(try transcriber.decoder.languages(of: audio), seconds: seconds)
            if language.isUnsure {
                try hearLanguageOfLaterWindows(after: position + sound.count, section: number)
                audio = try transcriber.encode(sound, seconds: seconds, margin: options.margin)
            }
            language.decide()
        }
        let current = language.current ?? "en"
        language.wrote(seconds: seconds)
        let speech = Self.seconds(section.speech(in: position..<position + sound.count))
        let (window, code) = try text(of: audio, seconds: seconds, speech: speech, language: current)
        let isSilent = isSilent(window)
        if isSilent || window.temperature > 0.5 { context = [] }
        guard !isSilent else { return seconds }
        let split = SegmentSplitter(
            window.tokens, tokenizer: tokenizer, seconds: seconds,
            isWhole: window.isComplete && position + sound.count == section.count)
        var consumed = split.consumed
        let offset = Self.seconds(position)
        var segments = split.pieces.map { segment($0, of: window, offset: offset, language: code) }
        if options.wordTimestamps {
            try transcriber.decoder.words(
                of: window, audio: audio, seconds: seconds, language: code, task: options.task
            ).assign(to: &segments, offset: offset, endOfText: tokenizer.endOfText, lastSpeech: &lastSpeech)
            // The words tell where the last whole segment really ends.
            if let end = segments.last?.end, consumed < seconds, end > offset {
                consumed = min(end - offset, seconds)
            }
        }
        if consumed == seconds, let end = segments.last?.end {
            // A small model takes the end of a sentence for the end of everything: what was said after it is heard again.
            let written = Int(end * Double(Transcriber.sampleRate))
            let rest = section.speech(in: min(written, position + sound.count)..<position + sound.count)
            if Self.seconds(rest) >= Self.unwritten, end - offset >= Self.unwritten { consumed = end - offset }
        }
        for segment in segments where segment.start < segment.end && !segment.text.isEmpty {
            let segment = segment.placed(in: section)
            guard isBelieved(segment) else {
                // What was made up once is made up again when it is given as context.
                context = []
                continue
            }
            transcript.segments.append(segment)
            context += segment.tokens
            onSegment(segment)
        }
        return consumed
    }

    /// The text of a window, in the language that it is in if that is clearly another one.
    private mutating func text(
        of audio: Range<Int>, seconds: Double, speech: Double, language: String
    ) throws -> (DecodedWindow, language: String) {
        let window = try textInOneLanguage(of: audio, seconds: seconds, speech: speech, language: language)
        // One that looked wrong until the last temperature is doubtful too, however likely it is.
        let isDoubtful =
            window.averageLogProbability < Self.doubtful
            || (window.temperature > 0 && window.temperature == options.temperatures.last)
        guard isDoubtful, transcriber.model.tokenizer.isMultilingual,
            let other = try transcriber.decoder.languages(of: audio).first, other.language.code != language,
            other.probability >= RecordingLanguage.sureOfChange
        else { return (window, language) }
        context = []
        let again = try textInOneLanguage(
            of: audio, seconds: seconds, speech: speech, language: other.language.code)
        return again.averageLogProbability > window.averageLogProbability
            ? (again, other.language.code) : (window, language)
    }

    /// The text of a window; decoded again without what was said before where that led it astray.
    private mutating func textInOneLanguage(
        of audio: Range<Int>, seconds: Double, speech: Double, language: String
    ) throws -> DecodedWindow {
        func decode(_ context: [Int]) throws -> DecodedWindow {
            let prompt = try Prompt(tokenizer: tokenizer, options: options, language: language, context: context)
            return try transcriber.decoder.decode(
                audio, seconds: seconds, prompt: prompt, options: options, isCancelled: isCancelled)
        }
        let known = options.conditionOnPreviousText ? context : []
        let window = try decode(known)
        guard !known.isEmpty, !isSilent(window) else { return window }
        let before = tokenizer.decode(known)
        let repeats = RepeatedText.isIn(window.text, after: before)
        guard repeats || SparseText.isSparse(window.text, seconds: speech) else { return window }
        let again = try decode([])
        let repeatsAgain = RepeatedText.isIn(again.text, after: before)
        let isBetter =
            repeats == repeatsAgain
            ? (repeats
                ? again.averageLogProbability > window.averageLogProbability
                : SparseText.letters(of: again.text) > SparseText.letters(of: window.text))
            : repeats
        guard isBetter else { return window }
        context = []
        return again
    }

    private func isSilent(_ window: DecodedWindow) -> Bool {
        guard let threshold = options.noSpeechThreshold, window.noSpeechProbability > threshold else { return false }
        return options.logProbabilityThreshold.map { window.averageLogProbability <= $0 } ?? true
    }

    private func segment(
        _ piece: SegmentSplitter.Piece, of window: DecodedWindow, offset: Double, language: String
    ) -> Segment {
        Segment(
            start: offset + piece.start, end: offset + piece.end,
            text: tokenizer.decode(piece.tokens).trimmingWhitespace, tokens: piece.tokens,
            averageLogProbability: window.averageLogProbability, compressionRatio: window.compressionRatio,
            noSpeechProbability: window.noSpeechProbability, temperature: window.temperature, language: language)
    }

    private static func seconds(_ samples: Int) -> Double { Double(samples) / Double(Transcriber.sampleRate) }

    /// Where the first words leave doubt about the language, later ones are heard before anything is written.
    private mutating func hearLanguageOfLaterWindows(after position: Int, section number: Int) throws {
        var (number, position) = (number, position)
        for _ in 1..<RecordingLanguage.windows {
            if position >= sections[number].count { (number, position) = (number + 1, 0) }
            guard number < sections.count, language.isUnsure else { return }
            let end = min(position + Self.longest, sections[number].count)
            let sound = sections[number].samples(of: samples, in: position..<end)
            let seconds = Self.seconds(sound.count)
            let audio = try transcriber.encode(sound, seconds: seconds, margin: options.margin)
            language.hear(try transcriber.decoder.languages(of: audio), seconds: seconds)
            position = end
        }
    }
}

extension Segment {
    /// The segment with the times of the recording instead of the section's.
    fileprivate func placed(in section: HeardSection) -> Segment {
        var segment = self
        let times = section.times(of: start...end)
        (segment.start, segment.end) = (times.lowerBound, times.upperBound)
        segment.words = words?.map { word in
            let times = section.times(of: word.start...max(word.start, word.end))
            return Word(text: word.text, start: times.lowerBound, end: times.upperBound, probability: word.probability)
        }
        return segment
    }
}

extension [Float] {
    /// The loudest that a sample may be to count as no sound: -80 dB of full scale.
    private static let inaudible: Float = 1e-4

    /// Whether there is no sound at all.
    fileprivate var isInaudible: Bool { !contains { abs($0) > Self.inaudible } }
}
