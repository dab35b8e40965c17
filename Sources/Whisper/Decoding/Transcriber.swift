/// Turns recordings into text: windows of 30 s that move from timestamp to timestamp.
///
/// Holds the working memory of one lane: use one for each thread, on that thread only. Any number may share a ``Model``.
///
/// ```swift
/// let model = try Model(path: "models/base", device: .select("auto"))
/// let transcript = try Transcriber(model: model).transcribe(samples)
/// print(transcript.text)
/// ```
public final class Transcriber {
    /// Samples in a second.
    public static let sampleRate = 16_000
    /// Seconds of sound in the longest window.
    public static let windowSeconds = 30.0

    /// The loudest that a sample may be to count as no sound: -80 dB of full scale.
    private static let inaudible: Float = 1e-4

    /// The model that is used.
    public let model: Model
    package let decoder: WindowDecoder
    package let mel: LogMel

    /// - Parameters:
    ///   - model: a loaded model.
    ///   - threads: threads of the CPU backend. With several transcribers at work use 1 for each.
    /// - Throws: ``WhisperError`` when there is no memory.
    public init(model: Model, threads: Int = 1) throws {
        self.model = model
        decoder = WindowDecoder(network: try Network(model: model, threads: threads))
        mel = try LogMel(bands: model.dimensions.melBands)
    }

    /// Bytes of working memory, without the model's weights.
    public var bytes: Int {
        decoder.network.bytes
    }

    /// The languages that may be spoken in the first 30 s of a recording, the likeliest first.
    ///
    /// - Parameter samples: sound at 16 kHz in -1...1.
    public func languages(of samples: [Float]) throws -> [(language: Language, probability: Float)] {
        let window = try mel.window(of: samples, positions: model.dimensions.audioPositions)
        return try decoder.languages(of: decoder.network.encode(window))
    }

    /// Writes down a recording of any length.
    ///
    /// - Parameters:
    ///   - samples: sound at 16 kHz in -1...1.
    ///   - options: how to decode.
    ///   - isCancelled: asked before every token.
    ///   - onSegment: told of every finished segment, so that nothing is lost when the work is interrupted.
    ///   - onProgress: told how many seconds of the recording are done.
    /// - Throws: ``WhisperError`` with `cancelled`, `badInput` (unknown language) or when the device fails.
    public func transcribe(
        _ samples: [Float], options: DecodingOptions = DecodingOptions(), isCancelled: () -> Bool = { false },
        onSegment: (Segment) -> Void = { _ in }, onProgress: (Double) -> Void = { _ in }
    ) throws -> Transcript {
        let duration = Double(samples.count) / Double(Self.sampleRate)
        let (language, probability) = try spokenLanguage(samples, options: options)
        var transcript = Transcript(
            text: "", language: language, languageProbability: probability, duration: duration, segments: [])
        var context: [Int] = []
        var start = 0
        var lastSpeech = 0.0
        while start < samples.count {
            let seconds = min(Self.windowSeconds, Double(samples.count - start) / Double(Self.sampleRate))
            let end = min(samples.count, start + Int(Self.windowSeconds) * Self.sampleRate)
            if !samples[start..<end].contains(where: { abs($0) > Self.inaudible }) {
                // Where there is no sound at all, the model makes up thanks to the audience.
                context = []
                start = end
                onProgress(Double(start) / Double(Self.sampleRate))
                continue
            }
            let prompt = try Prompt(
                tokenizer: model.tokenizer, options: options, language: language,
                context: options.conditionOnPreviousText ? context : [])
            let audio = try encode(samples, from: start, seconds: seconds, margin: options.margin)
            let window = try decoder.decode(
                audio, seconds: seconds, prompt: prompt, options: options, isCancelled: isCancelled)
            let offset = Double(start) / Double(Self.sampleRate)
            var consumed = seconds
            if !isSilent(window, options) {
                let split = SegmentSplitter(window.tokens, tokenizer: model.tokenizer, seconds: seconds)
                consumed = split.consumed
                var segments = split.pieces.map { segment($0, of: window, offset: offset) }
                if options.wordTimestamps {
                    try decoder.words(
                        of: window, audio: audio, seconds: seconds, language: language, task: options.task
                    ).assign(
                        to: &segments, offset: offset, endOfText: model.tokenizer.endOfText, lastSpeech: &lastSpeech)
                    // The words tell where the last whole segment really ends.
                    if let end = segments.last?.end, consumed < seconds, end > offset {
                        consumed = min(end - offset, seconds)
                    }
                }
                for segment in segments where segment.start < segment.end && !segment.text.isEmpty {
                    transcript.segments.append(segment)
                    context += segment.tokens
                    onSegment(segment)
                }
            }
            if isSilent(window, options) || window.temperature > 0.5 { context = [] }
            // Whatever the timestamps say, the recording must come to an end.
            start += max(Int(consumed * Double(Self.sampleRate)), Self.sampleRate / 10)
            onProgress(min(duration, Double(start) / Double(Self.sampleRate)))
        }
        transcript.text = model.tokenizer.decode(transcript.segments.flatMap(\.tokens)).trimmedOfWhiteSpace
        return transcript
    }

    private func spokenLanguage(_ samples: [Float], options: DecodingOptions) throws -> (String, Float?) {
        guard model.tokenizer.isMultilingual else { return ("en", nil) }
        if let language = options.language { return (language, nil) }
        guard let best = try languages(of: samples).first else { return ("en", nil) }
        return (best.language.code, best.probability)
    }

    /// Encodes the sound of a window with its silent margin.
    package func encode(_ samples: [Float], from start: Int = 0, seconds: Double, margin: Int?) throws -> Range<Int> {
        let longest = model.dimensions.audioPositions
        let sounding = Int((seconds * 50).rounded(.up))
        // Lengths are shared: a longer margin costs less than laying out a graph for each.
        let positions = margin.map { min(longest, (sounding + $0 + 15) / 16 * 16) } ?? longest
        return try decoder.network.encode(
            mel.window(of: samples, from: start, seconds: seconds, positions: positions))
    }

    private func isSilent(_ window: DecodedWindow, _ options: DecodingOptions) -> Bool {
        guard let threshold = options.noSpeechThreshold, window.noSpeechProbability > threshold else { return false }
        return options.logProbabilityThreshold.map { window.averageLogProbability <= $0 } ?? true
    }

    private func segment(_ piece: SegmentSplitter.Piece, of window: DecodedWindow, offset: Double) -> Segment {
        Segment(
            start: offset + piece.start, end: offset + piece.end,
            text: model.tokenizer.decode(piece.tokens).trimmedOfWhiteSpace, tokens: piece.tokens,
            averageLogProbability: window.averageLogProbability, compressionRatio: window.compressionRatio,
            noSpeechProbability: window.noSpeechProbability, temperature: window.temperature)
    }
}
