import CMpg123

/// MPEG audio (MP3, MP2), decoded by libmpg123 as the bytes come: files that were joined, with other rates, channels or
/// tags in the middle, are heard to the end.
final class MPEGSound: SoundDecoder {
    /// Known where the first frame says it (Xing, LAME).
    private(set) var duration: Double?
    /// Whether the last frame is incomplete.
    private(set) var isUnfinished = false

    private let handle: OpaquePointer
    private let read: (Int) throws -> [UInt8]
    private var sampleRate = 0.0
    private var channels = 0
    private var failure: String?
    private var isEnded = false
    private var input: [UInt8] = []
    private var first: DecodedBlock?

    /// Bytes that are fed at once.
    private static let portion = 16_384

    /// Opens a stream, or returns `nil` when there is no sound in it.
    ///
    /// - Parameter read: gives at most so many of the next bytes, and none at the end.
    init?(_ read: @escaping (Int) throws -> [UInt8]) throws {
        guard let handle = mpg123_new(nil, nil) else { return nil }
        self.handle = handle
        self.read = read
        // Without the second flag it writes to standard error about whatever it finds.
        let flags = Int(MPG123_QUIET.rawValue | MPG123_FORCE_FLOAT.rawValue | MPG123_GAPLESS.rawValue)
        mpg123_param2(handle, Int32(MPG123_ADD_FLAGS.rawValue), flags, 0)
        // Tags with pictures in the middle are long.
        mpg123_param2(handle, Int32(MPG123_RESYNC_LIMIT.rawValue), -1, 0)
        guard mpg123_open_feed(handle) == MPG123_OK.rawValue, let block = try next() else { return nil }
        first = block
        let length = mpg123_length(handle)
        if length > 0, sampleRate > 0 { duration = Double(length) / sampleRate }
    }

    deinit {
        mpg123_delete(handle)
    }

    func next() throws -> DecodedBlock? {
        if let block = first {
            first = nil
            return block
        }
        while !isEnded {
            try Task.checkCancellation()
            if let block = try step() { return block }
        }
        return nil
    }

    func complaint() -> String? { failure }

    /// Feeds what was read, and takes what comes of it.
    private func step() throws -> DecodedBlock? {
        var result: Int32 = 0
        var done = 0
        let samples = [Float](unsafeUninitializedCapacity: 16_384) { buffer, filled in
            let size = buffer.count * MemoryLayout<Float>.size
            result = input.withUnsafeBufferPointer { bytes in
                mpg123_decode(handle, bytes.baseAddress, bytes.count, buffer.baseAddress, size, &done)
            }
            filled = done / MemoryLayout<Float>.size
        }
        input = []
        let block =
            samples.isEmpty || channels == 0
            ? nil : DecodedBlock(interleaved: samples, channels: channels, sampleRate: sampleRate)
        switch result {
        case Int32(MPG123_NEW_FORMAT.rawValue):
            var (rate, count, encoding) = (0, Int32(0), Int32(0))
            mpg123_getformat(handle, &rate, &count, &encoding)
            (sampleRate, channels) = (Double(rate), Int(count))
        case Int32(MPG123_NEED_MORE.rawValue):
            input = try read(Self.portion)
            if input.isEmpty { end() }
        case Int32(MPG123_OK.rawValue): break
        case Int32(MPG123_DONE.rawValue): end()
        default:
            failure = String(cString: mpg123_strerror(handle))
            end()
        }
        return block
    }

    private func end() {
        isEnded = true
        var left = 0
        mpg123_getstate2(handle, Int32(MPG123_BUFFERFILL.rawValue), &left, nil)
        // A tag at the end has 128 bytes.
        isUnfinished = left > 128
    }
}
