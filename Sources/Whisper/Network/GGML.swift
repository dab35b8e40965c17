internal import CGGML

/// A node of a ggml graph. Dimension 0 of its shape is the fastest.
typealias Tensor = UnsafeMutablePointer<ggml_tensor>

/// A ggml object that is written while it is made and only read afterwards, so that every lane may hold it.
///
/// Swift's pointers are not `Sendable` because nobody can promise that for all of them; the owner of a handle promises it
/// for this one: weights and devices never change after loading.
struct SharedHandle: Sendable {
    private let address: UInt

    init(_ pointer: OpaquePointer) {
        address = UInt(bitPattern: pointer)
    }

    init(_ tensor: Tensor) {
        address = UInt(bitPattern: tensor)
    }

    /// The handle as the pointer to an opaque C struct.
    var opaque: OpaquePointer {
        unsafeBitCast(address, to: OpaquePointer.self)
    }

    /// The handle as a tensor.
    var tensor: Tensor {
        unsafeBitCast(address, to: Tensor.self)
    }
}

extension Tensor {
    /// Sizes of the four dimensions, the fastest first.
    var shape: (Int, Int, Int, Int) {
        (Int(pointee.ne.0), Int(pointee.ne.1), Int(pointee.ne.2), Int(pointee.ne.3))
    }

    /// Bytes from one row to the next.
    var rowStride: Int {
        Int(pointee.nb.1)
    }
}
