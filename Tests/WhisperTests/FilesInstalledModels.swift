import Foundation

/// Real models on this machine, which some tests need and are skipped without.
enum InstalledModels {
    /// `$SORI_MODELS`, or the directory that `sori models pull` fills.
    static let directory: String = {
        let environment = ProcessInfo.processInfo.environment
        if let models = environment["SORI_MODELS"] { return models }
        let data = environment["XDG_DATA_HOME"] ?? NSHomeDirectory() + "/.local/share"
        return data + "/sori/models"
    }()

    static func path(_ name: String) -> String { directory + "/" + name }

    /// Those of `names` that are there.
    static func present(_ names: [String]) -> [String] { names.filter(has) }

    static func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name) + "/model.bin") }
}

/// Runs `body` with the path of a new directory and removes the directory afterwards.
func withTemporaryDirectory<Result>(_ body: (String) throws -> Result) throws -> Result {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("sori-" + UUID().uuidString)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    return try body(directory.path)
}
