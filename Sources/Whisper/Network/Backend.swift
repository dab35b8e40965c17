internal import CGGML
import WhisperText

/// One stream of computation on a device. Not shared: each lane has its own, with its own scratch memory.
final class Backend {
    let device: Device
    let handle: ggml_backend_t
    /// One for each of its threads.
    let workspaces: [Workspace]

    /// - Parameter threads: how many threads a CPU backend computes with; more than there are idle cores is slower by
    ///   far, since ggml's threads wait for each other by spinning.
    init(device: Device, threads: Int) throws {
        guard let handle = ggml_backend_dev_init(device.handle.opaque, nil) else {
            throw WhisperError(.noDevice, "device \(device.name) did not start; try --device cpu")
        }
        self.device = device
        workspaces = (0..<max(threads, 1)).map { _ in Workspace() }
        self.handle = handle
        typealias SetThreads = @convention(c) (OpaquePointer?, Int32) -> Void
        if let registry = ggml_backend_dev_backend_reg(device.handle.opaque),
            let symbol = ggml_backend_reg_get_proc_address(registry, "ggml_backend_set_n_threads")
        {
            unsafeBitCast(symbol, to: SetThreads.self)(handle, Int32(threads))
        }
    }

    deinit {
        ggml_backend_free(handle)
    }

    /// Whether results can be read in place, without a copy from the device.
    var isHost: Bool {
        ggml_backend_buft_is_host(ggml_backend_get_default_buffer_type(handle))
    }

    func supports(_ operation: Tensor) -> Bool {
        ggml_backend_supports_op(handle, operation)
    }
}
