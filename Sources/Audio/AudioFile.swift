public import Foundation

/// Whole recordings, decoded into memory at once.
public enum AudioFile {
    /// Told after each block how many seconds are decoded, and of how many (`nil` when the file does not say).
    public typealias Progress = (_ seconds: Double, _ total: Double?) -> Void

    /// Decodes a file to mono at 16 kHz; ``AudioReader`` says which formats can be read.
    ///
    /// - Throws: ``AudioError``, or what `progress` throws.
    public static func read(_ path: String, progress: Progress? = nil) throws -> AudioClip {
        try read(AudioReader(path: path), progress: progress)
    }

    /// Decodes a file's content that is already in memory; `name` stands for it in messages.
    ///
    /// - Throws: ``AudioError``.
    public static func read(
        _ data: Data, name: String = "the audio data", progress: Progress? = nil
    ) throws -> AudioClip {
        try read(AudioReader(data: data, name: name), progress: progress)
    }

    static func read(_ reader: AudioReader, progress: Progress? = nil) throws -> AudioClip {
        var samples: [Float] = []
        // A damaged header may promise centuries.
        let promised = min(reader.duration ?? 0, 3600)
        samples.reserveCapacity(Int(promised * Double(AudioClip.sampleRate)) + AudioClip.sampleRate)
        while let block = try reader.next() {
            samples += block
            progress?(reader.position, reader.duration)
        }
        return AudioClip(samples: samples, warnings: reader.warnings)
    }
}
