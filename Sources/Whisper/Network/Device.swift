internal import CGGML
internal import Foundation
internal import Synchronization
import WhisperText

/// A processor that ggml can compute on: the CPU or a GPU behind Vulkan, CUDA or Metal.
public struct Device: Sendable, CustomStringConvertible {
    /// What kind of processor a device is.
    public enum Kind: String, Sendable {
        /// The host's own cores.
        case cpu
        /// A graphics processor, discrete or integrated.
        case gpu
        /// Something that helps the CPU with single operations, such as a BLAS library.
        case accelerator
    }

    /// ggml's short name: `CPU`, `Vulkan0`, `CUDA0`, …
    public let name: String
    /// The maker's name for it.
    public let description: String
    /// What kind of processor it is.
    public let kind: Kind
    /// Bytes of memory the device has; 0 where it does not tell.
    public let memory: Int
    /// Instruction sets that the loaded CPU library uses, such as `AVX512_BF16`; empty for GPUs.
    public let features: [String]
    let handle: SharedHandle

    init(handle: OpaquePointer) {
        self.handle = SharedHandle(handle)
        name = String(cString: ggml_backend_dev_name(handle))
        description = String(cString: ggml_backend_dev_description(handle))
        kind =
            switch ggml_backend_dev_type(handle) {
            case GGML_BACKEND_DEVICE_TYPE_CPU: .cpu
            case GGML_BACKEND_DEVICE_TYPE_GPU, GGML_BACKEND_DEVICE_TYPE_IGPU: .gpu
            default: .accelerator
            }
        var free = 0
        var total = 0
        ggml_backend_dev_memory(handle, &free, &total)
        memory = total
        features = Self.features(of: handle)
    }

    /// Every device that ggml can use here; loads all of ggml's libraries, GPU ones included.
    ///
    /// - Throws: ``WhisperError`` when ggml's libraries are missing.
    public static func all() throws -> [Device] {
        try BackendLibraries.load(gpus: true)
        return (0..<ggml_backend_dev_count()).compactMap { ggml_backend_dev_get($0).map(Device.init(handle:)) }
    }

    /// Finds a device by what a user writes.
    ///
    /// - Parameter selection: `auto` (a real GPU where there is one, else the CPU), `cpu`, `gpu`, or a device's name as
    ///   ``all()`` lists it, in any case.
    /// - Throws: ``WhisperError`` that names the devices there are.
    public static func select(_ selection: String) throws -> Device {
        let wanted = selection.lowercased()
        if wanted == "cpu" || wanted == "auto" && !mayHaveGPU {
            // GPU drivers take long to start, and memory: leave them alone where nobody needs them.
            try BackendLibraries.load(gpus: false)
            if let handle = ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU) {
                return Device(handle: handle)
            }
        }
        let devices = try all()
        let found =
            switch wanted {
            case "auto": devices.first { $0.kind == .gpu && !$0.isEmulated } ?? devices.first { $0.kind == .cpu }
            case "gpu": devices.first { $0.kind == .gpu }
            default: devices.first { $0.name.lowercased() == wanted }
            }
        guard let found else {
            let names = devices.map(\.name).joined(separator: ", ")
            throw WhisperError(
                .noDevice,
                "no device '\(selection)' here; choose auto, cpu, gpu or one of: \(names.isEmpty ? "none" : names)")
        }
        return found
    }

    /// Whether the CPU multiplies matrices in a unit of its own.
    var hasMatrixUnit: Bool { features.contains("AMX_INT8") }

    /// Whether ggml multiplies a few rows with 8-bit weights quicker one after the other, see ``GraphBuilder``.
    var multipliesRowsApart: Bool {
        #if arch(x86_64)
            kind == .cpu && !hasMatrixUnit
        #else
            false
        #endif
    }

    /// Whether the system shows a GPU that computes. Asking its drivers would start them, even those that use the CPU.
    private static var mayHaveGPU: Bool {
        #if os(Linux)
            let files = FileManager.default
            let nodes = (try? files.contentsOfDirectory(atPath: "/dev/dri")) ?? []
            return nodes.contains { $0.hasPrefix("renderD") }
                || ["/dev/nvidiactl", "/dev/kfd", "/dev/dxg"].contains { files.fileExists(atPath: $0) }
        #else
            return true
        #endif
    }

    /// Whether the "GPU" is a program on the CPU, which is good for tests and far slower than the CPU itself.
    private var isEmulated: Bool {
        ["llvmpipe", "SwiftShader"].contains { description.contains($0) }
    }

    private static func features(of device: OpaquePointer) -> [String] {
        typealias GetFeatures = @convention(c) (OpaquePointer?) -> UnsafeMutablePointer<ggml_backend_feature>?
        guard let registry = ggml_backend_dev_backend_reg(device),
            let symbol = ggml_backend_reg_get_proc_address(registry, "ggml_backend_get_features"),
            var feature = unsafeBitCast(symbol, to: GetFeatures.self)(registry)
        else { return [] }
        var names: [String] = []
        while let name = feature.pointee.name {
            names.append(String(cString: name))
            feature += 1
        }
        return names
    }
}
