internal import CGGML
internal import Foundation
internal import Logging
internal import Synchronization
import WhisperText

/// ggml's processor libraries: `libggml-cpu-*.so` for each generation of CPU, `libggml-vulkan.so`, …
///
/// They lie beside `libggml` itself, which the dynamic linker has found already.
enum BackendLibraries {
    private struct State {
        var hasCPU = false
        var hasAll = false
    }

    private static let state = Mutex(State())
    private static let logger = Logger(label: "sori.ggml")

    /// Loads what is needed once in the life of the process.
    static func load(gpus: Bool) throws {
        try state.withLock { state in
            guard !state.hasAll, gpus || !state.hasCPU else { return }
            forwardLog()
            let directory = try directory()
            if gpus {
                // A CPU library that is loaded already is kept: ggml would list the CPU twice otherwise.
                if state.hasCPU {
                    loadEach(in: directory) { !$0.hasPrefix("libggml-cpu") }
                } else {
                    ggml_backend_load_all_from_path(directory)
                }
                state.hasAll = true
            } else if ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU) == nil {
                loadBestCPU(in: directory)
            }
            guard ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU) != nil else {
                throw WhisperError(
                    .noDevice,
                    "ggml's CPU library was not found in \(directory); run 'make setup' (macOS: 'brew install ggml')")
            }
            state.hasCPU = true
        }
    }

    /// Folder of the loaded `libggml`, unless `SORI_GGML` names another.
    static func directory() throws -> String {
        if let override = ProcessInfo.processInfo.environment["SORI_GGML"], !override.isEmpty {
            return override
        }
        guard let name = ggml_library_path() else {
            throw WhisperError(.noDevice, "libggml was not found; run 'make setup' (macOS: 'brew install ggml')")
        }
        return URL(fileURLWithPath: String(cString: name)).resolvingSymlinksInPath().deletingLastPathComponent().path
    }

    /// Loads the CPU library that scores best on this machine, as ggml does, but leaves GPU drivers asleep.
    private static func loadBestCPU(in directory: String) {
        typealias Score = @convention(c) () -> Int32
        var best: (path: String, score: Int32)?
        for path in libraries(in: directory) where path.contains("libggml-cpu") {
            guard let library = dlopen(path, RTLD_NOW | RTLD_LOCAL) else { continue }
            defer { dlclose(library) }
            guard let symbol = dlsym(library, "ggml_backend_score") else { continue }
            let score = unsafeBitCast(symbol, to: Score.self)()
            if score > best?.score ?? 0 {
                best = (path, score)
            }
        }
        if let best {
            ggml_backend_load(best.path)
        } else {
            // A build with one CPU library has no scores.
            loadEach(in: directory) { $0.hasPrefix("libggml-cpu") }
        }
    }

    private static func loadEach(in directory: String, where isWanted: (String) -> Bool) {
        for path in libraries(in: directory) where isWanted(URL(fileURLWithPath: path).lastPathComponent) {
            ggml_backend_load(path)
        }
    }

    private static func libraries(in directory: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return names.filter { name in
            name.hasPrefix("libggml-") && (name.hasSuffix(".so") || name.hasSuffix(".dylib")) && !name.contains("base")
        }.sorted().map { directory + "/" + $0 }
    }

    /// Sends what ggml prints to the log at debug level; its errors stay visible as warnings.
    private static func forwardLog() {
        ggml_log_set(
            { level, text, _ in
                guard let text else { return }
                let line = String(cString: text).trimmingCharacters(in: .whitespacesAndNewlines)
                guard !line.isEmpty else { return }
                BackendLibraries.logger.log(level: level == GGML_LOG_LEVEL_ERROR ? .warning : .debug, "\(line)")
            }, nil)
    }
}
