internal import CGGML
internal import Foundation
import WhisperText

/// Computes log-mel spectra: every 10 ms the base-10 logarithm of the energy in each mel band over 25 ms.
///
/// The Fourier transform of 400 samples is written as a product with a 400 × 402 matrix of cosines and sines (the Hann
/// window multiplied in): a matrix product is what ggml does best, and it takes 0.4 ms for a second of sound.
package final class LogMel {
    /// Samples from one frame to the next.
    package static let hop = 160
    /// Samples in a frame; frame i is centred at sample `160 · i`.
    package static let frameLength = 400
    /// Samples before the centre of a frame.
    static let reach = frameLength / 2
    /// Logarithm of the energy of digital silence.
    package static let silence: Float = -10

    /// Number of mel bands.
    package let bands: Int
    private let backend: Backend
    private let constants: WeightStorage
    private let transform: Tensor
    private let filters: Tensor
    private var graphs: [Int: (signal: Tensor, result: Tensor, graph: Graph)] = [:]

    /// - Parameter bands: 80, or 128 for large-v3.
    package init(bands: Int) throws {
        self.bands = bands
        backend = try Backend(device: .select("cpu"), threads: 1)
        let bins = Self.frameLength / 2 + 1
        let parameters = ggml_init_params(mem_size: ggml_tensor_overhead() * 4, mem_buffer: nil, no_alloc: true)
        guard let context = ggml_init(parameters) else {
            throw WhisperError(.outOfMemory, "no memory for the mel filters")
        }
        transform = ggml_new_tensor_2d(context, GGML_TYPE_F32, Int64(Self.frameLength), Int64(2 * bins))
        filters = ggml_new_tensor_2d(context, GGML_TYPE_F32, Int64(bins), Int64(bands))
        guard let buffer = ggml_backend_alloc_ctx_tensors(context, backend.handle) else {
            ggml_free(context)
            throw WhisperError(.outOfMemory, "no memory for the mel filters")
        }
        constants = WeightStorage(contexts: [context], buffers: [buffer])
        Self.fourierMatrix(length: Self.frameLength).withUnsafeBytes {
            ggml_backend_tensor_set(transform, $0.baseAddress, 0, $0.count)
        }
        MelFilterBank.weights(bands: bands, transformLength: Self.frameLength, sampleRate: 16_000).withUnsafeBytes {
            ggml_backend_tensor_set(filters, $0.baseAddress, 0, $0.count)
        }
    }

    /// Frames of a signal.
    ///
    /// - Parameters:
    ///   - signal: samples at 16 kHz; the first frame starts with its first sample.
    ///   - count: number of frames, at least 0; samples that the signal lacks are 0.
    /// - Returns: base-10 logarithms [bands, count], bands fastest, none below ``silence``.
    package func frames(of signal: UnsafeBufferPointer<Float>, count: Int) throws -> [Float] {
        var result = [Float](repeating: Self.silence, count: count * bands)
        var done = 0
        while done < count {
            let batch = count - done > 32 ? 256 : 32
            let (input, output, graph) = try prepare(batch: batch)
            let start = min(signal.count, done * Self.hop)
            let available = min(signal.count, start + (batch - 1) * Self.hop + Self.frameLength) - start
            ggml_backend_tensor_memset(input, 0, 0, ggml_nbytes(input))
            if available > 0 {
                let bytes = UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: signal[start..<start + available]))
                ggml_backend_tensor_set(input, bytes.baseAddress, 0, bytes.count)
            }
            try graph.compute()
            let frames = min(batch, count - done)
            result.withUnsafeMutableBytes { bytes in
                let size = bands * MemoryLayout<Float>.stride
                guard let base = bytes.baseAddress else { return }
                ggml_backend_tensor_get(output, base + done * size, 0, frames * size)
            }
            done += frames
        }
        return result
    }

    private func prepare(batch: Int) throws -> (signal: Tensor, result: Tensor, graph: Graph) {
        if let known = graphs[batch] { return known }
        let bins = Self.frameLength / 2 + 1
        var signal: Tensor?
        var result: Tensor?
        let graph = try Graph(backend: backend, memory: ScratchMemory(backend: backend), capacity: 32) { build in
            let input = build.input(GGML_TYPE_F32, (batch - 1) * Self.hop + Self.frameLength)
            let frames = build.windows(input, width: Self.frameLength, step: Self.hop, count: batch)
            let spectrum: Tensor = ggml_sqr_inplace(build.context, ggml_mul_mat(build.context, transform, frames))
            let power = build.add(build.columns(spectrum, 0..<bins), build.columns(spectrum, bins..<2 * bins))
            let energy: Tensor = ggml_clamp(
                build.context, ggml_mul_mat(build.context, filters, power), 1e-10, .infinity)
            let logarithm: Tensor = ggml_log_inplace(build.context, energy)
            signal = input
            result = build.output(ggml_scale(build.context, logarithm, Float(1 / log(10.0))))
        }
        guard let signal, let result else { throw WhisperError(.computeFailed, "the mel filters were not laid out") }
        let made = (signal, result, graph)
        graphs[batch] = made
        return made
    }

    /// Real and negated imaginary part of the discrete Fourier transform with a periodic Hann window.
    private static func fourierMatrix(length: Int) -> [Float] {
        let bins = length / 2 + 1
        var matrix = [Float](repeating: 0, count: 2 * bins * length)
        for sample in 0..<length {
            let window = 0.5 - 0.5 * cos(2 * .pi * Double(sample) / Double(length))
            for bin in 0..<bins {
                // Reduced first: the angle of a large product would lose digits.
                let angle = 2 * .pi * Double(bin * sample % length) / Double(length)
                matrix[bin * length + sample] = Float(window * cos(angle))
                matrix[(bins + bin) * length + sample] = Float(window * sin(angle))
            }
        }
        return matrix
    }
}
