import WhisperText

#if !os(Linux)
    internal import CGGML

    /// oneDNN is used on Linux only: on a Mac the GPU computes.
    struct PackedMatrix: Sendable {
        let bytes: Int

        init(weight: Weight, bias: Weight, channelsAndTaps: (Int, Int)? = nil) throws {
            throw WhisperError(.noDevice, "oneDNN is not used on this system; use --weights f16")
        }

        static func suits(_ device: Device) -> Bool { false }
    }

    /// See ``PackedMatrix``: there is none.
    final class Workspace {}

    /// See ``PackedMatrix``: there is none.
    final class PackedLayer {
        init(_ matrices: [PackedMatrix], rows: Int, activates: Bool, hasResidual: Bool, workspaces: [Workspace]) throws
        {
            throw WhisperError(.noDevice, "oneDNN is not used on this system; use --weights f16")
        }

        func node(_ context: OpaquePointer, _ x: Tensor, residual: Tensor?) -> Tensor { x }
    }

    /// See ``PackedMatrix``: there is none.
    final class PackedAttention {
        init(rows: Int, state: Int, stride: Int, cached: CachedRows? = nil, workspaces: [Workspace]) throws {
            throw WhisperError(.noDevice, "oneDNN is not used on this system; use --weights f16")
        }

        func node(_ context: OpaquePointer, _ input: Tensor, cache: Tensor? = nil) -> Tensor { input }
    }
#endif
