internal import CGGML
internal import Dispatch

/// Turns stored weights into the number format of a device, on all cores.
enum WeightConversion {
    /// Values converted by one core at a time: few enough to stay in its cache on the way.
    private static let pieceLength = 1 << 16

    /// - Parameters:
    ///   - source: the stored matrix.
    ///   - type: number format wanted.
    ///   - rows: rows wanted; those that the source lacks are zero.
    ///   - columns: values in a row.
    ///   - channelsAndTaps: given for a convolution, whose rows [channels, taps] become [taps, channels].
    static func convert(
        _ source: Weight, to type: ggml_type, rows: Int, columns: Int, channelsAndTaps: (Int, Int)? = nil
    ) -> [UInt8] {
        let rowBytes = ggml_row_size(type, Int64(columns))
        let sourceRows = source.rows * source.columns / columns
        return [UInt8](unsafeUninitializedCapacity: rows * rowBytes) { bytes, count in
            count = rows * rowBytes
            let output = SendableBuffer(bytes)
            // Whole rows of the source, whatever the shape that is wanted.
            let piece = max(1, pieceLength / max(columns, source.columns)) * max(1, source.columns / columns)
            let pieces = (rows + piece - 1) / piece
            DispatchQueue.concurrentPerform(iterations: pieces) { index in
                let range = index * piece..<min(rows, (index + 1) * piece)
                let stored = range.clamped(to: 0..<max(range.lowerBound, sourceRows))
                withUnsafeTemporaryAllocation(of: Float.self, capacity: range.count * columns) { floats in
                    floats[(stored.count * columns)...].initialize(repeating: 0)
                    if !stored.isEmpty {
                        source.read(
                            rows: stored.lowerBound * columns / source.columns..<stored.upperBound * columns
                                / source.columns,
                            into: UnsafeMutableBufferPointer(rebasing: floats[0..<stored.count * columns]))
                    }
                    if let (channels, taps) = channelsAndTaps {
                        transpose(floats, rows: range.count, channels: channels, taps: taps)
                    }
                    guard let target = output.pointer.baseAddress, let from = floats.baseAddress else { return }
                    let place = target + range.lowerBound * rowBytes
                    if type == GGML_TYPE_Q8_0 {
                        quantise(UnsafeBufferPointer(floats), to: place)
                    } else {
                        ggml_quantize_chunk(type, from, place, 0, Int64(range.count), Int64(columns), nil)
                    }
                }
            }
        }
    }

    /// Blocks of 32 values as a scale in 16 bits and 32 integers, as `quantize_row_q8_0_ref` in ggml makes them, which takes
    /// one value at a time and half of the time that a model needs to load.
    private static func quantise(_ values: UnsafeBufferPointer<Float>, to target: UnsafeMutableRawPointer) {
        guard let base = values.baseAddress else { return }
        for block in 0..<values.count / 32 {
            let source = base + block * 32
            let place = target + block * 34
            // Of numbers without a sign the bits are in the same order, and a comparison of integers knows no exceptions.
            var bits: UInt32 = 0
            for index in 0..<32 { bits = max(bits, source[index].bitPattern & 0x7FFF_FFFF) }
            let largest = Float(bitPattern: bits)
            let inverse = largest > 0 ? 127 / largest : 0
            place.storeBytes(of: ggml_fp32_to_fp16(largest / 127), as: UInt16.self)
            let integers = (place + 2).assumingMemoryBound(to: UInt8.self)
            // In numbers of this size the last bit counts ones: adding it rounds.
            for index in 0..<32 {
                integers[index] = UInt8(truncatingIfNeeded: (source[index] * inverse + 0x1.8p23).bitPattern)
            }
        }
    }

    private static func transpose(_ values: UnsafeMutableBufferPointer<Float>, rows: Int, channels: Int, taps: Int) {
        withUnsafeTemporaryAllocation(of: Float.self, capacity: channels * taps) { copy in
            for row in 0..<rows {
                let start = row * channels * taps
                for channel in 0..<channels {
                    for tap in 0..<taps {
                        copy[tap * channels + channel] = values[start + channel * taps + tap]
                    }
                }
                for index in 0..<channels * taps {
                    values[start + index] = copy[index]
                }
            }
        }
    }
}

/// A buffer whose parts are written by several threads, each its own part.
private struct SendableBuffer: Sendable {
    private let address: UInt
    private let count: Int

    init(_ buffer: UnsafeMutableBufferPointer<UInt8>) {
        address = UInt(bitPattern: buffer.baseAddress)
        count = buffer.count
    }

    var pointer: UnsafeMutableBufferPointer<UInt8> {
        UnsafeMutableBufferPointer(start: UnsafeMutablePointer(bitPattern: address), count: count)
    }
}
