internal import CGGML
import WhisperText

/// The encoder and decoder of a model with the working memory of one lane. Not shared between threads.
package final class Network {
    package let model: Model
    let backend: Backend
    private let cacheType: ggml_type
    private let crossType: ggml_type
    private let positionEmbeddings: [Float]
    private let tokenEmbeddings: Weight
    private var selfCache: RowCache
    private(set) var crossCache: RowCache
    let memory: ScratchMemory
    private var encoders = RecentlyUsed<Int, EncoderGraph>(limit: 12)
    /// For windows that grow, with the encoder's own keys and values, which only they keep.
    var growingEncoders = RecentlyUsed<GrowingShape, EncoderGraph>(limit: 96)
    var encoderCache: RowCache?
    private var decoders = RecentlyUsed<DecoderGraph.Shape, DecoderGraph>(limit: 96)
    private var bias: [Float]
    private var scratch = StepScratch()
    private var mask = AttentionMask()

    /// - Parameters:
    ///   - model: the weights.
    ///   - threads: threads of a CPU backend; 1 when several lanes work side by side.
    package init(model: Model, threads: Int) throws {
        self.model = model
        backend = try Backend(device: model.device, threads: threads)
        memory = try ScratchMemory(backend: backend)
        let dimensions = model.dimensions
        cacheType = model.plan == .exact ? GGML_TYPE_F32 : GGML_TYPE_F16
        crossType = model.weights.packsEncoder ? GGML_TYPE_BF16 : cacheType
        let positions = try model.file.weight("decoder.positional_embedding")
        positionEmbeddings = [Float](unsafeUninitializedCapacity: positions.rows * positions.columns) { values, count in
            positions.read(rows: 0..<positions.rows, into: values)
            count = values.count
        }
        tokenEmbeddings = try model.file.weight("decoder.token_embedding.weight")
        selfCache = try RowCache(
            backend: backend, layers: dimensions.textLayers, state: dimensions.textState, capacity: 512, type: cacheType
        )
        crossCache = try RowCache(
            backend: backend, layers: dimensions.textLayers, state: dimensions.textState, capacity: 384, type: crossType
        )
        bias = [Float](repeating: 0, count: 2 * model.weights.vocabularyRows)
        suppress([])
    }

    /// Bytes of working memory on the device.
    package var bytes: Int {
        selfCache.bytes + crossCache.bytes + (encoderCache?.bytes ?? 0) + memory.bytes
    }

    /// Encodes a window of log-mel frames and keeps the result for the decoder.
    ///
    /// - Parameters:
    ///   - mel: the window, silent margin included; at most `2 · dimensions.audioPositions` frames.
    ///   - row: first row of the cross cache to use: 0, or the end of another window that is decoded at the same time.
    /// - Returns: the rows that hold the window, one for each position of 20 ms.
    package func encode(_ mel: MelWindow, at row: Int = 0) throws -> Range<Int> {
        let encoder = try prepareEncoder(positions: mel.positions, lastRow: row + mel.positions)
        mel.withPaddedValues { upload($0, to: encoder.mel) }
        scratch.indices.removeAll(keepingCapacity: true)
        scratch.indices.append(contentsOf: (row..<row + mel.positions).lazy.map { Int64($0) })
        upload(scratch.indices, to: encoder.rows)
        try encoder.graph.compute()
        return row..<row + mel.positions
    }

    /// The encoder's own result for a window [positions · state], for comparison with other implementations.
    package func encoderOutput(_ mel: MelWindow) throws -> [Float] {
        _ = try encode(mel)
        let encoder = try prepareEncoder(positions: mel.positions, lastRow: mel.positions)
        var values = [Float](repeating: 0, count: mel.positions * model.dimensions.audioState)
        values.withUnsafeMutableBytes { ggml_backend_tensor_get(encoder.result, $0.baseAddress, 0, $0.count) }
        return values
    }

    func checkPositions(_ positions: Int) throws {
        guard (1...model.dimensions.audioPositions).contains(positions) else {
            throw WhisperError(
                .badInput, "a window has 1 to \(model.dimensions.audioPositions) positions of 20 ms, not \(positions)")
        }
    }

    private func prepareEncoder(positions: Int, lastRow: Int) throws -> EncoderGraph {
        try checkPositions(positions)
        try growCrossCache(to: lastRow)
        return try encoders.value(for: positions, where: \.graph.isCurrent) {
            try EncoderGraph(
                backend: backend, memory: memory, weights: model.weights, dimensions: model.dimensions,
                cache: crossCache, positions: positions)
        }
    }

    func growCrossCache(to lastRow: Int) throws {
        if lastRow > crossCache.capacity {
            // Graphs point into the cache: with a new cache they are laid out anew.
            encoders.removeAll()
            growingEncoders.removeAll()
            decoders.removeAll()
            let larger = try RowCache(
                backend: backend, layers: model.dimensions.textLayers, state: model.dimensions.textState,
                capacity: (lastRow + 127) / 128 * 128, type: crossType)
            // Other windows that are decoded at the same time stay.
            larger.copyRows(of: crossCache)
            crossCache = larger
        }
    }

    /// Chooses the tokens that cannot come next, until the next call.
    package func suppress(_ tokens: some Sequence<Int>) {
        let rows = model.weights.vocabularyRows
        for index in bias.indices {
            bias[index] = index % rows < model.dimensions.vocabulary ? 0 : -.infinity
        }
        for token in tokens where (0..<model.dimensions.vocabulary).contains(token) {
            bias[token] = -.infinity
        }
    }

    /// Whether a few tokens in one step have the very sums that they have one by one. With 8-bit weights on x86 processors they
    /// do (a test compares them); a GPU chooses its way by their number, and other processors were not tried.
    package var sumsTokensAlike: Bool {
        #if arch(x86_64)
            backend.isHost && model.plan.decoder == .q8_0
        #else
            false
        #endif
    }

    /// Whether several tokens in one step take much less time than one after the other, so that it pays to guess. Seven took a
    /// third less on a Sapphire Rapids, with its matrix unit, and a tenth less on a Zen 5: there wrong guesses cost more.
    package var prefersManyTokens: Bool { backend.device.kind != .cpu || backend.device.hasMatrixUnit }

    /// Rows of the self cache that sequences use.
    package private(set) var usedRows = 0
    /// How many steps there have been.
    package private(set) var steps = 0

    /// Forgets the sequences' tokens from a row on, all of them by default. Encoded audio stays.
    package func forgetRows(from row: Int = 0) {
        usedRows = min(usedRows, row)
    }

    /// Appends tokens to sequences and computes what comes next.
    ///
    /// - Parameters:
    ///   - additions: for each sequence its new tokens, at least one.
    ///   - sequences: the sequences; each learns where its tokens were kept.
    ///   - startOfTranscript: index, among a sequence's new tokens, of `<|startoftranscript|>`, if the probabilities there
    ///     are wanted: that of no speech, and those of languages.
    ///   - next: after how many of each sequence's newest tokens the probabilities of the next one are wanted.
    ///   - attention: whether to compute where in the audio each new token looks.
    /// - Returns: the results, valid until the next call.
    package func step(
        _ additions: [[Int]], to sequences: inout [TokenSequence], startOfTranscript: Int? = nil,
        next: Int = 1, attention: Bool = false
    ) throws -> StepResult {
        let count = additions.reduce(0) { $0 + $1.count }
        try reserveSelfRows(count)
        scratch.begin(state: model.dimensions.textState)
        for (index, tokens) in additions.enumerated() {
            for (offset, token) in tokens.enumerated() {
                let position = sequences[index].rows.count
                guard position < model.dimensions.textPositions else {
                    throw WhisperError(.badInput, "a text has at most \(model.dimensions.textPositions) tokens")
                }
                embed(token, at: position)
                scratch.indices.append(Int64(usedRows))
                sequences[index].rows.append(usedRows)
                usedRows += 1
                scratch.owners.append((index, sequences[index].rows.count))
                if offset >= tokens.count - next { scratch.nextRows.append(Int32(scratch.owners.count - 1)) }
                if offset == startOfTranscript { scratch.startRows.append(Int32(scratch.owners.count - 1)) }
            }
        }
        let decoder = try prepareDecoder(tokens: count, sequences: sequences, attention: attention)
        try fill(decoder, sequences: sequences)
        try decoder.graph.compute()
        steps += 1
        return StepResult(
            decoder: decoder, isHost: backend.isHost, vocabulary: model.dimensions.vocabulary, tokens: count,
            alignmentHeads: attention ? model.file.alignmentHeads.count : 0)
    }

    /// Sum of token and position embedding, looked up in the mapped file: a few rows of a matrix that is on the device
    /// only in an arrangement for products.
    private func embed(_ token: Int, at position: Int) {
        let state = model.dimensions.textState
        let start = scratch.embeddings.count
        scratch.embeddings.append(contentsOf: repeatElement(0, count: state))
        scratch.embeddings.withUnsafeMutableBufferPointer { values in
            let row = UnsafeMutableBufferPointer(rebasing: values[start..<start + state])
            tokenEmbeddings.read(rows: token..<token + 1, into: row)
            for index in 0..<state {
                row[index] += positionEmbeddings[position * state + index]
            }
        }
    }

    private func reserveSelfRows(_ count: Int) throws {
        let needed = usedRows + count + 1  // the last row takes what padding writes
        guard needed > selfCache.capacity else { return }
        guard usedRows == 0 else {
            throw WhisperError(.badInput, "\(needed) rows of text are too many at once; decode fewer sequences")
        }
        try growSelfCache(to: needed)
    }

    /// Makes room for a number of rows of text. Only while there are no sequences.
    package func growSelfCache(to rows: Int) throws {
        guard rows + 1 > selfCache.capacity else { return }
        decoders.removeAll()
        selfCache = try RowCache(
            backend: backend, layers: model.dimensions.textLayers, state: model.dimensions.textState,
            capacity: (rows + 1 + 127) / 128 * 128, type: cacheType)
    }

    private func prepareDecoder(tokens: Int, sequences: [TokenSequence], attention: Bool) throws -> DecoderGraph {
        let firstAudio = sequences[0].audio
        let isOneAudio = firstAudio.lowerBound == 0 && sequences.allSatisfy { $0.audio == firstAudio }
        let lastAudio = sequences.reduce(0) { max($0, $1.audio.upperBound) }
        let shape = DecoderGraph.Shape(
            // Beyond a handful, shapes are shared: a padding row costs less than laying out a graph for every count.
            tokens: tokens <= 8 ? tokens : (tokens + 3) / 4 * 4,
            selfRows: min(selfCache.capacity, (usedRows + 31) / 32 * 32),
            crossRows: isOneAudio ? lastAudio : min(crossCache.capacity, (lastAudio + 63) / 64 * 64),
            hasCrossMask: !isOneAudio, nextRows: scratch.nextRows.count, startRows: scratch.startRows.count,
            hasAttention: attention)
        return try decoders.value(for: shape, where: \.graph.isCurrent) {
            try DecoderGraph(
                backend: backend, memory: memory, weights: model.weights, dimensions: model.dimensions,
                alignmentHeads: model.file.alignmentHeads, selfCache: selfCache, crossCache: crossCache, shape: shape)
        }
    }

    private func fill(_ decoder: DecoderGraph, sequences: [TokenSequence]) throws {
        let shape = decoder.shape
        let padding = shape.tokens - scratch.owners.count
        scratch.embeddings.append(contentsOf: repeatElement(0, count: padding * model.dimensions.textState))
        scratch.indices.append(contentsOf: repeatElement(Int64(selfCache.capacity - 1), count: padding))
        upload(scratch.embeddings, to: decoder.embeddings)
        upload(scratch.indices, to: decoder.cacheRows)
        mask.fill(columns: shape.selfRows, rows: shape.tokens, tokens: scratch.owners.count) { token, row in
            let (owner, length) = scratch.owners[token]
            for visible in sequences[owner].rows.prefix(length) { row[visible] = 0 }
        }
        upload(mask.values, to: decoder.selfMask)
        if let crossMask = decoder.crossMask {
            mask.fill(columns: shape.crossRows, rows: shape.tokens, tokens: scratch.owners.count) { token, row in
                for visible in sequences[scratch.owners[token].sequence].audio { row[visible] = 0 }
            }
            upload(mask.values, to: crossMask)
        }
        upload(scratch.nextRows + scratch.startRows, to: decoder.logitRows)
        upload(bias, to: decoder.bias)
    }

    func upload<Element>(_ values: [Element], to tensor: Tensor) {
        values.withUnsafeBytes { ggml_backend_tensor_set(tensor, $0.baseAddress, 0, $0.count) }
    }

    func upload(_ values: UnsafeBufferPointer<Float>, to tensor: Tensor) {
        let bytes = UnsafeRawBufferPointer(values)
        ggml_backend_tensor_set(tensor, bytes.baseAddress, 0, bytes.count)
    }
}
