public import Foundation

/// A model that is on this machine.
public struct InstalledModel: Sendable, Hashable {
    /// The file formats of models.
    public enum Format: String, Sendable {
        /// A folder with `model.bin`, as faster-whisper uses.
        case ctranslate2 = "CTranslate2"
        /// A single file, as whisper.cpp uses.
        case ggml
    }

    /// What it is called: its folder inside the store.
    public let name: String
    /// What a loader wants: the folder of a CTranslate2 model, the file of a ggml one.
    public let location: URL
    /// The kind of files.
    public let format: Format
    /// The size of its files.
    public let bytes: Int
    /// What `sori models pull` wrote down; nil for a model that was put there by hand.
    public let record: ModelRecord?
}

/// The folder where models are kept, one folder a model.
public struct ModelStore: Sendable {
    /// Where it is. It need not exist yet.
    public let directory: URL

    /// Creates a store.
    public init(directory: URL) {
        self.directory = directory
    }

    /// The user's own: `$SORI_MODELS`, or `models` in `$SORI_HOME`, or in `sori` under `$XDG_DATA_HOME` or `~/.local/share`.
    public static func standard(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> ModelStore {
        func folder(_ name: String) -> URL? {
            guard let path = environment[name], !path.isEmpty else { return nil }
            return URL(filePath: path, directoryHint: .isDirectory)
        }
        let data =
            folder("XDG_DATA_HOME")
            ?? (folder("HOME") ?? FileManager.default.homeDirectoryForCurrentUser).appending(path: ".local/share")
        let home = folder("SORI_HOME") ?? data.appending(path: "sori")
        return ModelStore(directory: folder("SORI_MODELS") ?? home.appending(path: "models"))
    }

    /// The models in the store, by name. A pull that is not finished is not among them.
    public func installed() -> [InstalledModel] {
        let folders = subfolders(of: directory, named: "")
        return (folders + folders.flatMap { subfolders(of: $0.url, named: $0.name + "/") })
            .compactMap { model(in: $0.url, name: $0.name) }
            .sorted { $0.name < $1.name }
    }

    /// Finds a model for a loader.
    ///
    /// - Parameter name: The name of a model in the store, or the path of a folder or file.
    /// - Throws: ``ModelsError/Code/notInstalled``.
    public func locate(_ name: String) throws(ModelsError) -> URL {
        let known = try? ModelCatalog.find(name)
        if let known, let model = model(in: folder(of: known.name), name: known.name) { return model.location }
        let path = URL(filePath: name)
        if FileManager.default.fileExists(atPath: path.path) { return path }
        if let known {
            throw ModelsError(
                .notInstalled,
                "the model '\(name)' is not on this machine: get it with `sori models pull \(known.name)`")
        }
        throw ModelsError(.notInstalled, "there is no model at '\(name)': `sori models list` shows what there is")
    }

    /// The model of this name, if it is in the store.
    public func model(named name: String) -> InstalledModel? {
        model(in: folder(of: name), name: name)
    }

    /// Where a model has its place.
    func folder(of name: String) -> URL {
        directory.appending(path: name, directoryHint: .isDirectory)
    }

    /// Where a model's files gather until they are all there.
    func partialFolder(of name: String) -> URL {
        directory.appending(path: name + ".partial", directoryHint: .isDirectory)
    }

    private func subfolders(of folder: URL, named prefix: String) -> [(name: String, url: URL)] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { !$0.hasSuffix(".partial") && !$0.hasPrefix(".") }
            .map { (prefix + $0, folder.appending(path: $0, directoryHint: .isDirectory)) }
            .filter { Disk.isFolder($0.1) }
    }

    private func model(in folder: URL, name: String) -> InstalledModel? {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        let ggml = files.filter { $0.hasPrefix("ggml-") && $0.hasSuffix(".bin") }
        let isFolderModel = files.contains("model.bin")
        guard isFolderModel || ggml.count == 1 else { return nil }
        let location = isFolderModel ? folder : folder.appending(path: ggml[0])
        return InstalledModel(
            name: name, location: location, format: isFolderModel ? .ctranslate2 : .ggml,
            bytes: files.compactMap { Disk.size(of: folder.appending(path: $0)) }.reduce(0, +),
            record: ModelRecord(in: folder))
    }
}
