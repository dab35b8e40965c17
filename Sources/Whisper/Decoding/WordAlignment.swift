package import WhisperText

extension WindowDecoder {
    /// Finds out when each word of a window's text was spoken, in one more pass of the decoder.
    ///
    /// - Parameters:
    ///   - window: the text, with its tokens' probabilities.
    ///   - audio: the encoded window it was written for.
    ///   - seconds: length of the sound in the window.
    ///   - prompt: what preceded the text; its language and task are used, its context is not.
    ///   - language: code of the language, which decides where words end.
    ///   - prefix: text of the window that stands before its text, and has no need of times.
    package func words(
        of window: DecodedWindow, audio: Range<Int>, seconds: Double, language: String, task: DecodingOptions.Task,
        after prefix: [Int] = []
    ) throws -> WordTimes {
        let tokenizer = network.model.tokenizer
        let known = prefix.filter { $0 < tokenizer.endOfText }
        let new = zip(window.tokens, window.probabilities).filter { $0.0 < tokenizer.endOfText }
        let frames = min(audio.count, Int((seconds * 50).rounded(.up)))
        guard !new.isEmpty, frames > 0 else { return WordTimes([]) }
        let text = known.map { ($0, Float(1)) } + new
        var options = DecodingOptions()
        options.task = task
        options.timestamps = false
        let start = try Prompt(tokenizer: tokenizer, options: options, language: language).tokens
        // The model's positions are few: a text that fills them all cannot have an end as well.
        let room = network.model.dimensions.textPositions - start.count - 1
        let spelled = text.prefix(room).map(\.0)
        network.forgetRows()
        var sequences = [TokenSequence(audio: audio)]
        let step = try network.step(
            [start + spelled + [tokenizer.endOfText]], to: &sequences, next: 0, attention: true)
        let heads = (0..<step.alignmentHeads).map { head in
            let (columns, values) = step.attention(ofHead: head, tokens: 0..<step.tokens)
            return AttentionRows(values: values, columns: columns, positions: audio)
        }
        let attention = AttentionMatrix(
            heads: heads, frames: frames, keeping: start.count - 1..<start.count + spelled.count)
        let words = tokenizer.splitIntoWords(spelled + [tokenizer.endOfText], language: language)
        let timings = [WordTiming](words: words, attention: attention, probabilities: text.prefix(room).map(\.1))
        var position = 0
        return WordTimes(
            Array(
                timings.drop { timing in
                    position += timing.tokens
                    return position <= known.count
                }))
    }
}
