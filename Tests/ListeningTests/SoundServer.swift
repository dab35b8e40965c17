#if os(Linux)
    import Foundation
    import Synchronization

    /// A sound server of one's own, with one card whose output is its microphone.
    final class SoundServer: Sendable {
        private let folder: URL
        private let daemon: Command
        private let player = Mutex<Command?>(nil)

        /// Whether there is one, and what it takes to play to it.
        static let isInstalled = ["pulseaudio", "pactl", "pacat"].allSatisfy {
            FileManager.default.isExecutableFile(atPath: "/usr/bin/\($0)")
        }

        /// Runs a server, which this process uses from then on, as long as the body.
        static func run(_ body: @Sendable (SoundServer) async throws -> Void) async throws {
            // The names of sockets are short.
            let folder = URL(filePath: "/tmp/sori-\(UInt32.random(in: 0 ... .max))")
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            defer { try? FileManager.default.removeItem(at: folder) }
            let socket = folder.appending(path: "native").path
            for (name, value) in [
                "PULSE_SERVER": "unix:\(socket)", "PULSE_RUNTIME_PATH": folder.path, "PULSE_STATE_PATH": folder.path,
                "PULSE_COOKIE": folder.appending(path: "cookie").path,
            ] { setenv(name, value, 1) }
            let daemon = try Command(
                untilStopped: "pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no",
                "--disable-shm=yes",
                "--log-level=error", "--load=module-native-protocol-unix socket=\(socket) auth-anonymous=1",
                "--load=module-null-sink sink_name=loop rate=48000")
            let server = SoundServer(folder, daemon)
            do {
                // It answers when it is ready.
                while try await Command("pactl", "set-default-source", "loop.monitor").status() != 0 {
                    try await Task.sleep(for: .milliseconds(20))
                }
                try await body(server)
                await server.stop()
            } catch {
                await server.stop()
                throw error
            }
        }

        private init(_ folder: URL, _ daemon: Command) {
            self.folder = folder
            self.daemon = daemon
        }

        /// Stops the server, as a microphone is unplugged.
        func stop() async {
            daemon.stop()
            _ = await daemon.status()
            if let player = player.withLock(\.self) {
                player.stop()
                _ = await player.status()
            }
        }

        /// Starts to play samples, 16 bits, 16 kHz, one channel.
        func play(_ samples: [UInt8]) throws {
            let file = folder.appending(path: "sound.raw")
            try Data(samples).write(to: file)
            let command = try Command(
                untilStopped: "pacat", "--raw", "--rate=16000", "--channels=1", "--device=loop", file.path)
            player.withLock { $0 = command }
        }
    }

    /// A running program.
    private final class Command: Sendable {
        private let input = Pipe()
        private let end: AsyncStream<Int32>

        /// One that is ended by a shell when this process says so, or is no more.
        ///
        /// Foundation starts children with the signals blocked that its thread has blocked: they could not be asked to end.
        /// And a sound server closes all descriptors that it is born with, one of which tells Foundation of a child's end.
        convenience init(untilStopped arguments: String...) throws {
            try self.init(["sh", "-c", "\"$@\" & cat; kill -KILL $!", "sh"] + arguments)
        }

        convenience init(_ arguments: String...) throws {
            try self.init(arguments)
        }

        private init(_ arguments: [String]) throws {
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = arguments
            process.standardInput = input
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            let (end, continuation) = AsyncStream.makeStream(of: Int32.self)
            process.terminationHandler = {
                continuation.yield($0.terminationStatus)
                continuation.finish()
            }
            try process.run()
            self.end = end
        }

        func stop() {
            try? input.fileHandleForWriting.close()
        }

        /// Waits for the end; a second time it is -1.
        func status() async -> Int32 {
            await end.first { _ in true } ?? -1
        }
    }
#endif
