import Audio
import Foundation
import Listening
import Logging
import SoriProtocol
import Synchronization
import WebSockets

/// One run of `sori listen`: from the options to the last words.
struct ListenRun: Sendable {
    private let options: ListenCommand
    private let server: String
    private let environment = ProcessInfo.processInfo.environment

    /// - Parameter server: its address, such as `ws://127.0.0.1:8080`.
    init(_ options: ListenCommand, server: String) {
        self.options = options
        self.server = server
    }

    /// - Returns: an exit status other than success, if there is one. Its reason is on standard error already.
    func run() async throws -> Int32? {
        let start = ContinuousClock.now
        // Before the microphone, whose libraries are kept from writing to the same stream.
        let logger = logger
        let output = ListenOutput(isJSON: options.json, files: try files(), silence: silenceWatch, since: start)
        let source = try source { await output.remark($0) }
        let token = options.token ?? environment["SORI_TOKEN"]
        let target = LiveClient.Target(
            url: ServerAddress.webSocket(server), token: token?.isEmpty == false ? token : nil,
            trustedRoots: options.trust.map { .file($0) } ?? .system, settings: options.settings)
        let client = LiveClient(
            target, source: source, duration: options.duration, since: start, logger: logger)
        let wasInterrupted = Mutex(false)
        let outcome = await listen(to: source, with: client, output) { wasInterrupted.withLock { $0 = true } }
        await output.finish()
        if let failure = await output.failure { throw failure }
        if case .failure(let error) = outcome { throw error }
        if case .success(true) = outcome {
            complain("stopped before the last words came")
            return Interrupt.exitCode
        }
        if await output.hasFailed { return 1 }
        // A microphone has no other end.
        return wasInterrupted.withLock { $0 } && !options.files.isEmpty ? Interrupt.exitCode : nil
    }

    /// Listens to the end. Ctrl-C lets the last words come, once more stops at once.
    ///
    /// - Returns: whether it was stopped.
    private func listen(
        to source: any SoundSource, with client: LiveClient, _ output: ListenOutput,
        onInterrupt: @escaping @Sendable () -> Void
    ) async -> Result<Bool, any Error> {
        await withTaskGroup(of: Result<Bool, any Error>?.self) { group in
            group.addTask {
                do {
                    try await (source as? FileSound)?.check()
                    try await client.run { await output.take($0) }
                    return .success(false)
                } catch {
                    return .failure(error)
                }
            }
            group.addTask {
                await Interrupt.eachSignal { count in
                    onInterrupt()
                    if count == 1 { client.finish() }
                    return count == 1
                }
                return .success(true)
            }
            group.addTask {
                while (try? await Task.sleep(for: ListenOutput.beat)) != nil {
                    await output.show(client.glimpse())
                    if let failure = await output.failure { return .failure(failure) }
                }
                return nil
            }
            defer { group.cancelAll() }
            for await outcome in group { if let outcome { return outcome } }
            return .success(true)
        }
    }

    private func source(warn: @escaping @Sendable (String) async -> Void) throws -> any SoundSource {
        if options.files.isEmpty { return try Microphone(device: options.device) }
        guard options.files != ["-"] || isatty(STDIN_FILENO) == 0 else {
            throw CommandError("standard input is the keyboard; pipe sound into it, or leave out - for the microphone")
        }
        guard options.raw else { return FileSound(paths: options.files, isFast: options.fast, warn: warn) }
        return StreamSound(format: options.rawFormat)
    }

    /// Says so when there is nothing to hear, where sound comes at its own pace.
    private var silenceWatch: SilenceWatch? {
        guard !options.files.isEmpty else { return .microphone }
        return options.files.contains { AudioFile.isPipe($0) } ? .pipe : nil
    }

    private func files() throws -> [TranscriptFile] {
        let paths: [(String?, LiveTranscript.Format)] = [
            (options.srt, .srt), (options.vtt, .vtt), (options.text, .text),
        ]
        return try paths.compactMap { path, format in
            try path.map { try TranscriptFile(path: $0, format: format, replaces: options.overwrite) }
        }
    }

    private var logger: Logger {
        var logger = Logger(label: "sori.listen", factory: { StreamLogHandler.standardError(label: $0) })
        // What the user should know is told in other ways.
        logger.logLevel = options.verbose ? .debug : .critical
        return logger
    }
}
