import CGGML
import WhisperText

/// A tensor where and as it lies in a file: row-major, little-endian, not aligned.
///
/// ggml's list of types also names those of CTranslate2; its int8 and int16 come with `scale`.
struct StoredTensor: Sendable {
    let file: MappedFile
    let offset: Int
    let shape: [Int]
    let type: ggml_type
    /// Elements in ``shape``.
    let count: Int
    /// What the integers of an int8 or int16 tensor were multiplied by.
    var scale: Scale?

    /// Where the 32-bit scales of a tensor lie in its file.
    struct Scale: Sendable {
        var offset: Int
        /// One scale for each row, or one for the whole tensor.
        var isPerRow: Bool
    }

    /// Checks that the tensor `name` of `shape` fits into the file at `offset`.
    init(_ name: String, in file: MappedFile, at offset: Int, shape: [Int], type: ggml_type) throws(WhisperError) {
        var count = 1
        for length in shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: length)
            // A petabyte is beyond any model, and small enough that byte counts cannot overflow either.
            guard length > 0, !overflow, product < 1 << 50 else {
                throw .damaged(file.path, "tensor \(name) has shape \(shape)")
            }
            count = product
        }
        let block = Int(ggml_blck_size(type))
        guard block == 1 || shape.count > 1 && (shape.last ?? 1) % block == 0 else {
            throw .damaged(
                file.path, "tensor \(name) of shape \(shape) does not divide into blocks of \(Self.name(of: type))")
        }
        self.file = file
        self.offset = offset
        self.shape = shape
        self.type = type
        self.count = count
        try file.check(offset: offset, count: byteCount, in: "tensor \(name)")
    }

    var rows: Int { shape.first ?? 1 }
    var columns: Int { count / rows }
    var byteCount: Int { Self.bytes(count, of: type) }
    /// The type's name as ggml writes it: `f16`, `q8_0`, `i8`, …
    var typeName: String { Self.name(of: type) }

    /// Whether ``read(rows:into:)`` can make numbers of it.
    var isReadable: Bool {
        switch type {
        case GGML_TYPE_F32: true
        case GGML_TYPE_I8, GGML_TYPE_I16: scale != nil
        default: ggml_get_type_traits(type).pointee.to_float != nil
        }
    }

    static func name(of type: ggml_type) -> String { String(cString: ggml_type_name(type)) }

    /// Bytes that `count` elements take; whole blocks of them.
    private static func bytes(_ count: Int, of type: ggml_type) -> Int {
        count / Int(ggml_blck_size(type)) * ggml_type_size(type)
    }

    /// Writes `rows` as 32-bit numbers, row after row.
    func read(rows: Range<Int>, into output: UnsafeMutableBufferPointer<Float>) {
        let start = rows.lowerBound * columns
        let count = rows.count * columns
        let target = UnsafeMutableBufferPointer(rebasing: output[..<count])
        file.withBytes(at: offset + Self.bytes(start, of: type), count: Self.bytes(count, of: type)) { bytes in
            switch type {
            case GGML_TYPE_F32: UnsafeMutableRawBufferPointer(target).copyMemory(from: bytes)
            case GGML_TYPE_F16: widen(bytes, into: target)
            case GGML_TYPE_I8: scaled(Int8.self, bytes, rows, into: target)
            case GGML_TYPE_I16: scaled(Int16.self, bytes, rows, into: target)
            default: convert(bytes, into: target)
            }
        }
    }

    /// Makes 32-bit numbers of halves.
    ///
    /// Most models are stored as halves, and ggml's loop takes them one by one. This one has neither branches nor bounds
    /// checks, so the compiler makes vectors of it: three times as fast.
    private func widen(_ bytes: UnsafeRawBufferPointer, into output: UnsafeMutableBufferPointer<Float>) {
        guard let source = bytes.baseAddress, let target = output.baseAddress else { return }
        for index in 0..<output.count {
            let half = UInt32(source.loadUnaligned(fromByteOffset: 2 &* index, as: UInt16.self))
            // Exponent and fraction in their new places; the product moves the exponent's bias from 15 to 127.
            let magnitude = (half & 0x7FFF) &<< 13
            let rebiased = (Float(bitPattern: magnitude) * 0x1p112).bitPattern
            let infinite: UInt32 = magnitude >= 0x0F80_0000 ? 0x7F80_0000 : 0
            target[index] = Float(bitPattern: (half & 0x8000) &<< 16 | rebiased | infinite)
        }
    }

    /// Lets ggml convert bfloat16 and quantised blocks.
    private func convert(_ bytes: UnsafeRawBufferPointer, into output: UnsafeMutableBufferPointer<Float>) {
        guard let toFloat = ggml_get_type_traits(type).pointee.to_float else { return }
        // Files do not align their tensors but C does, so each piece goes through a scratch that fits the first cache.
        // All block lengths divide 256, and so the length of a piece.
        let piece = 4096
        withUnsafeTemporaryAllocation(byteCount: Self.bytes(piece, of: type), alignment: 16) { scratch in
            for start in stride(from: 0, to: output.count, by: piece) {
                let count = min(piece, output.count - start)
                let range = Self.bytes(start, of: type)..<Self.bytes(start + count, of: type)
                scratch.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[range]))
                toFloat(scratch.baseAddress, output.baseAddress.map { $0 + start }, Int64(count))
            }
        }
    }

    /// CTranslate2 stores `round(value * scale)`.
    private func scaled<Integer: FixedWidthInteger>(
        _: Integer.Type, _ bytes: UnsafeRawBufferPointer, _ rows: Range<Int>,
        into output: UnsafeMutableBufferPointer<Float>
    ) {
        guard let scale, let source = bytes.baseAddress, let target = output.baseAddress else { return }
        for (index, row) in rows.enumerated() {
            let at = scale.offset + (scale.isPerRow ? row * MemoryLayout<Float>.size : 0)
            let stored = file.withBytes(at: at, count: MemoryLayout<Float>.size) { $0.loadUnaligned(as: Float.self) }
            let factor = 1 / stored
            for element in index * columns..<(index + 1) * columns {
                let value = source.loadUnaligned(
                    fromByteOffset: element &* MemoryLayout<Integer>.size, as: Integer.self)
                target[element] = Float(value) * factor
            }
        }
    }
}
