internal import CGGML
import WhisperText

/// Windows that grow: only what is new in them is encoded.
extension Network {
    /// Whether windows can grow: keys and values are kept in the numbers that oneDNN computes with.
    package var keepsWindows: Bool {
        model.weights.packsEncoder
    }

    /// A graph is laid out for these.
    struct GrowingShape: Hashable {
        var positions: Int
        var capacity: Int
        var isStart: Bool
    }

    /// Encodes a window of a stream, and of its positions only those that are new or may have changed.
    ///
    /// - Parameters:
    ///   - mel: the frames of the positions from `kept` on, and, if there are kept ones, of one position before.
    ///   - positions: of the window, silent margin included.
    ///   - sounding: positions that hold sound.
    ///   - kept: so many positions of the window before are used, from ``GrowingWindow/kept(for:)``; 0 to compute all.
    ///   - window: what the window before has left, and then what this one leaves.
    /// - Returns: the rows that hold the window.
    func encode(
        _ mel: MelWindow, positions: Int, sounding: Int, kept: Int, into window: inout GrowingWindow?
    ) throws -> Range<Int> {
        try checkPositions(positions)
        try growCrossCache(to: positions)
        let encoder = try prepareGrowingEncoder(positions: positions - kept, total: positions, isStart: kept == 0)
        guard let growing = encoder.growing else {
            throw WhisperError(.computeFailed, "the encoder was not laid out for windows that grow")
        }
        if let window, kept > 0 {
            growing.cache.write(window.encoder, to: kept)
            crossCache.write(window.cross, to: kept)
        }
        growing.rows.count = positions
        mel.withPaddedValues(isContinued: kept > 0) { upload($0, to: encoder.mel) }
        if let places = encoder.places { upload((kept..<positions).map { Int32($0) }, to: places) }
        upload((kept..<positions).map { Int64($0) }, to: encoder.rows)
        try encoder.graph.compute()
        let (own, cross) = (growing.cache.read(kept..<sounding), crossCache.read(kept..<sounding))
        if kept > 0 {
            window?.encoder.replace(from: kept, with: own)
            window?.cross.replace(from: kept, with: cross)
            window?.positions = sounding
            window?.loudest = mel.loudest
        } else {
            window = GrowingWindow(positions: sounding, loudest: mel.loudest, encoder: own, cross: cross)
        }
        return 0..<positions
    }

    private func prepareGrowingEncoder(positions: Int, total: Int, isStart: Bool) throws -> EncoderGraph {
        let capacity = (total + 127) / 128 * 128
        let cache: RowCache
        if let known = encoderCache, known.capacity >= capacity {
            cache = known
        } else {
            growingEncoders.removeAll()
            let dimensions = model.dimensions
            cache = try RowCache(
                backend: backend, layers: dimensions.audioLayers, state: dimensions.audioState,
                capacity: (capacity + 255) / 256 * 256, type: GGML_TYPE_BF16)
            encoderCache = cache
        }
        let shape = GrowingShape(positions: positions, capacity: capacity, isStart: isStart)
        return try growingEncoders.value(for: shape, where: \.graph.isCurrent) {
            try EncoderGraph(
                backend: backend, memory: memory, weights: model.weights, dimensions: model.dimensions,
                cache: crossCache, positions: positions,
                growing: .init(cache: cache, rows: CachedRows(capacity: capacity), isStart: isStart))
        }
    }
}
