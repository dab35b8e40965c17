import Foundation
import Testing

/// The real `sori`, run as its users run it: a process with arguments, an environment, and streams.
struct SoriProcess: Sendable {
    /// What a process has left behind.
    struct Outcome {
        /// Exit status, or 128 and the number of the signal that ended it, as shells count.
        let status: Int32
        /// What it wrote to standard output.
        let output: String
        /// What it wrote to standard error.
        let complaints: String

        /// The lines on standard error.
        var complaintLines: [Substring] { complaints.split(separator: "\n") }
    }

    /// `$SORI_EXECUTABLE`, or what `make build` makes.
    static let executable: String =
        ProcessInfo.processInfo.environment["SORI_EXECUTABLE"]
        ?? URL(filePath: #filePath).appending(path: "../../../.build/release/sori").standardizedFileURL.path

    /// Runs a command in a terminal of its own; of util-linux, so not on a Mac.
    static let terminal = "/usr/bin/script"

    private let process = Process()
    // Streams go to files: whatever the process writes, it never waits for a reader.
    private let streams = TemporaryFolder()
    private let exit: AsyncStream<Int32>

    /// Starts `sori`, or another program beside it.
    ///
    /// - Parameters:
    ///   - executable: what to start.
    ///   - environment: variables to set besides those of the tests.
    ///   - input: a file whose content comes through a pipe on standard input; empty without.
    ///   - inTerminal: whether both of its streams are one terminal; ``output`` is what is sent there.
    init(
        executable: String = Self.executable, _ arguments: [String], environment: [String: String] = [:],
        input: String? = nil, inTerminal: Bool = false
    ) throws {
        let (exit, continuation) = AsyncStream.makeStream(of: Int32.self)
        self.exit = exit
        if inTerminal {
            let words = ([executable] + arguments).map { "'\($0)'" }
            process.executableURL = URL(filePath: Self.terminal)
            process.arguments = ["--quiet", "--return", "--command", words.joined(separator: " "), "/dev/null"]
        } else {
            process.executableURL = URL(filePath: executable)
            process.arguments = arguments
        }
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = try input.map(Self.pipe) ?? FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: streams.file("output", Data()))
        process.standardError = try FileHandle(forWritingTo: streams.file("complaints", Data()))
        process.terminationHandler = { process in
            let base: Int32 = process.terminationReason == .exit ? 0 : 128
            continuation.yield(base + process.terminationStatus)
            continuation.finish()
        }
        try process.run()
    }

    /// Runs `sori` to its end.
    static func run(
        _ arguments: String..., environment: [String: String] = [:], input: String? = nil
    ) async throws -> Outcome {
        try await SoriProcess(arguments, environment: environment, input: input).outcome()
    }

    /// Waits for the end. A test that runs out of time takes its process along.
    func outcome() async throws -> Outcome {
        let status = await withTaskCancellationHandler {
            await exit.first { _ in true }
        } onCancel: {
            kill(process.processIdentifier, SIGKILL)
        }
        return Outcome(status: try #require(status), output: output, complaints: complaints)
    }

    /// What has been written to standard output so far.
    var output: String { text("output") }

    /// What has been written to standard error so far.
    var complaints: String { text("complaints") }

    /// Waits until the process has written what the test wants to see; fails if it ends before.
    func wait(until isThere: (SoriProcess) -> Bool) async throws {
        while !isThere(self) {
            try #require(process.isRunning, "sori ended too soon: \(complaints)")
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// Presses Ctrl-C.
    func interrupt() {
        process.interrupt()
    }

    /// Sends a signal.
    func send(_ signal: Int32) {
        kill(process.processIdentifier, signal)
    }

    /// Whether the process has a file open; on Linux.
    func hasOpen(_ path: String) -> Bool {
        let folder = "/proc/\(process.processIdentifier)/fd"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.contains {
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)")) == path
        }
    }

    private func text(_ name: String) -> String {
        let data = (try? Data(contentsOf: streams.url.appending(path: name))) ?? Data()
        return String(decoding: data, as: UTF8.self)
    }

    /// A pipe that `cat` fills. Were it the tests that did, a process that stops reading would end them (SIGPIPE).
    private static func pipe(from path: String) throws -> Pipe {
        let pipe = Pipe()
        let cat = Process()
        cat.executableURL = URL(filePath: "/bin/cat")
        cat.arguments = [path]
        cat.standardOutput = pipe
        try cat.run()
        return pipe
    }
}

/// A folder that appears with its first file and is removed with the last reference to it.
final class TemporaryFolder: Sendable {
    let url = FileManager.default.temporaryDirectory.appending(path: "IntegrationTests-\(UUID().uuidString)")

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    var path: String { url.path }

    /// Writes a file, in a folder inside if `name` says so.
    @discardableResult
    func file(_ name: String, _ content: Data) throws -> URL {
        let file = url.appending(path: name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try content.write(to: file)
        return file
    }
}
