internal import CGGML
internal import Dispatch

/// Turns stored weights into the number format of a device, on all cores.
enum WeightConversion {
    /// Rows converted by one core at a time.
    private static let block = 512

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
            let blocks = (rows + block - 1) / block
            DispatchQueue.concurrentPerform(iterations: blocks) { index in
                let range = index * block..<min(rows, (index + 1) * block)
                let stored = range.clamped(to: 0..<sourceRows)
                withUnsafeTemporaryAllocation(of: Float.self, capacity: range.count * columns) { floats in
                    floats.initialize(repeating: 0)
                    source.read(
                        rows: stored.lowerBound * columns / source.columns..<stored.upperBound * columns
                            / source.columns,
                        into: UnsafeMutableBufferPointer(rebasing: floats[0..<stored.count * columns]))
                    if let (channels, taps) = channelsAndTaps {
                        transpose(floats, rows: range.count, channels: channels, taps: taps)
                    }
                    guard let target = output.pointer.baseAddress, let from = floats.baseAddress else { return }
                    ggml_quantize_chunk(
                        type, from, target + range.lowerBound * rowBytes, 0, Int64(range.count), Int64(columns), nil)
                }
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
