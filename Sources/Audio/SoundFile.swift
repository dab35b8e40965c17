import CSndFile
import Foundation

/// A sound file open for reading through libsndfile, recognised by its content.
final class SoundFile: SoundDecoder {
    let duration: Double?
    /// Whether the header promises any sound.
    let isEmpty: Bool
    let isUnfinished: Bool

    private let sampleRate: Double
    private let channels: Int
    private let sndfile: OpaquePointer
    /// What libsndfile reads from; it must live as long.
    private let source: VirtualFile

    /// Opens a file, or returns `nil` when libsndfile cannot read its format.
    ///
    /// - Parameter isOpen: whether the length that its header promises means nothing.
    init?(_ source: VirtualFile, isOpen: Bool = false) {
        var info = SF_INFO()
        var callbacks = VirtualFile.callbacks
        let context = Unmanaged.passUnretained(source).toOpaque()
        guard let sndfile = sf_open_virtual(&callbacks, Int32(SFM_READ), &info, context) else { return nil }
        self.sndfile = sndfile
        self.source = source
        sampleRate = Double(info.samplerate)
        channels = Int(info.channels)
        // A stream of unknown length has as many frames as its format can count.
        let isKnown = info.seekable != 0 && (0..<Int64.max).contains(info.frames) && !isOpen
        let frames = isKnown ? info.frames : nil
        duration = frames.map { Double($0) / Double(info.samplerate) }
        isEmpty = frames == 0
        isUnfinished = frames == nil && !isOpen
    }

    deinit {
        sf_close(sndfile)
    }

    func next() throws -> DecodedBlock? {
        try Task.checkCancellation()
        let size = max(16_384 / channels, 64)
        let samples = [Float](unsafeUninitializedCapacity: size * channels) { buffer, filled in
            let frames = sf_readf_float(sndfile, buffer.baseAddress, Int64(size))
            filled = max(Int(frames), 0) * channels
        }
        guard !samples.isEmpty else { return nil }
        return DecodedBlock(interleaved: samples, channels: channels, sampleRate: sampleRate)
    }

    func complaint() -> String? {
        sf_error(sndfile) == 0 ? nil : String(cString: sf_strerror(sndfile)).trimmingCharacters(in: .whitespaces)
    }
}
