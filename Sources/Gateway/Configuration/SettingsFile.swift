internal import Yams

/// Keys of a file with settings.
package enum SettingsFile {
    /// - Parameters:
    ///   - yaml: the file's text.
    ///   - known: keys of all settings.
    /// - Throws: ``SettingError`` when a key is no setting: a default would be in force that nobody wanted.
    package static func check(_ yaml: String, named name: String, known: [String]) throws {
        let loaded = try? Yams.load(yaml: yaml)
        guard let unknown = keys(in: loaded).first(where: { !known.contains($0) }) else { return }
        throw SettingError("'\(unknown)' in \(name) is no setting; `sori config` lists all of them")
    }

    /// The keys of everything that is no mapping, with dots between their parts, in order.
    private static func keys(in value: Any?, below path: String = "") -> [String] {
        guard let mapping = value as? [AnyHashable: Any] else { return path.isEmpty ? [] : [path] }
        return mapping.sorted { "\($0.key)" < "\($1.key)" }.flatMap { key, value in
            keys(in: value, below: path.isEmpty ? "\(key)" : "\(path).\(key)")
        }
    }
}
