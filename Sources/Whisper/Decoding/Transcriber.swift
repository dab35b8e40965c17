public import WhisperText

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
    ///   - spoken: samples between which somebody speaks, in order and apart from each other. Longer pauses between them
    ///     are not decoded. `nil` decodes all of the sound.
    ///   - options: how to decode. Without a language, the first speech decides, and speech after more than 8 s without.
    ///   - isCancelled: asked before every token.
    ///   - isBelieved: whether a segment was said, and not made up by the model; one that is not is left out.
    ///   - onSegment: told of every finished segment, so that nothing is lost when the work is interrupted.
    ///   - onProgress: told how many seconds of the recording are done.
    /// - Throws: ``WhisperError`` with `cancelled`, `badInput` (unknown language) or when the device fails.
    public func transcribe(
        _ samples: [Float], spoken: [Range<Int>]? = nil, options: DecodingOptions = DecodingOptions(),
        isCancelled: () -> Bool = { false }, isBelieved: (Segment) -> Bool = { _ in true },
        onSegment: (Segment) -> Void = { _ in }, onProgress: (Double) -> Void = { _ in }
    ) throws -> Transcript {
        try withoutActuallyEscaping(isCancelled) { isCancelled in
            try withoutActuallyEscaping(isBelieved) { isBelieved in
                try withoutActuallyEscaping(onSegment) { onSegment in
                    try withoutActuallyEscaping(onProgress) { onProgress in
                        var decoder = RecordingDecoder(
                            samples, sections: [HeardSection](spoken: spoken, in: samples.count), options: options,
                            transcriber: self, isCancelled: isCancelled, isBelieved: isBelieved, onSegment: onSegment,
                            onProgress: onProgress)
                        try decoder.run()
                        return decoder.transcript
                    }
                }
            }
        }
    }

    /// Encodes the sound of a live window, with what the one before it has left.
    ///
    /// - Parameters:
    ///   - samples: the window's sound; all of the former window's and what came since.
    ///   - kept: what the former window has left, `nil` to compute all; then what this one leaves.
    /// - Returns: the rows that hold the window.
    package func encode(
        _ samples: [Float], seconds: Double, margin: Int?, keeping kept: inout GrowingWindow?
    ) throws -> Range<Int> {
        let network = decoder.network
        let longest = model.dimensions.audioPositions
        let sounding = min(longest, Int((seconds * 50).rounded(.up)))
        let positions = positions(sounding: sounding, margin: margin)
        if let before = kept?.loudest, let first = kept?.kept(for: sounding), first > 0 {
            let part = try mel.window(
                of: samples, from: 2 * (first - 1) * LogMel.hop, positions: positions - first + 1, loudest: before)
            if part.loudest < before + GrowingWindow.louder {
                return try network.encode(part, positions: positions, sounding: sounding, kept: first, into: &kept)
            }
        }
        let whole = try mel.window(of: samples, seconds: seconds, positions: positions)
        return try network.encode(whole, positions: positions, sounding: sounding, kept: 0, into: &kept)
    }

    /// Encodes the sound of a window with its silent margin.
    package func encode(_ samples: [Float], from start: Int = 0, seconds: Double, margin: Int?) throws -> Range<Int> {
        let positions = positions(sounding: Int((seconds * 50).rounded(.up)), margin: margin)
        return try decoder.network.encode(
            mel.window(of: samples, from: start, seconds: seconds, positions: positions))
    }

    /// Positions of a window. Lengths are shared: a longer margin costs less than laying out a graph for each.
    private func positions(sounding: Int, margin: Int?) -> Int {
        let longest = model.dimensions.audioPositions
        return margin.map { min(longest, (sounding + $0 + 15) / 16 * 16) } ?? longest
    }
}
