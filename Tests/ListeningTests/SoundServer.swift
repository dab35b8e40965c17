#if os(Linux)
    import Foundation
    import Synchronization

    /// A sound server of one's own, with one card whose output is its microphone. It ends with the last reference.
    final class SoundServer: Sendable {
        private let daemon: Mutex<Process>
        private let folder: URL

        static let executable = "/usr/bin/pulseaudio"

        /// Whether there is one, and what it takes to play to it.
        static let isInstalled = [executable, "/usr/bin/pactl", "/usr/bin/pacat"].allSatisfy {
            FileManager.default.isExecutableFile(atPath: $0)
        }

        /// Starts the server, waits until it answers, and makes it the one that this process uses.
        init() throws {
            // The names of sockets are short.
            folder = URL(filePath: "/tmp/sori-\(UInt32.random(in: 0 ... .max))")
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            let socket = folder.appending(path: "native").path
            for (name, value) in [
                "PULSE_SERVER": "unix:\(socket)", "PULSE_RUNTIME_PATH": folder.path, "PULSE_STATE_PATH": folder.path,
                "PULSE_COOKIE": folder.appending(path: "cookie").path,
            ] { setenv(name, value, 1) }
            let daemon = Process()
            daemon.executableURL = URL(filePath: Self.executable)
            daemon.arguments = [
                "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes",
                "--log-level=error", "--load=module-native-protocol-unix socket=\(socket) auth-anonymous=1",
                "--load=module-null-sink sink_name=loop rate=48000",
            ]
            daemon.standardError = FileHandle.nullDevice
            try daemon.run()
            self.daemon = Mutex(daemon)
            while isRunning, try Self.run("pactl", "set-default-source", "loop.monitor") != 0 { usleep(20_000) }
        }

        deinit {
            stop()
            try? FileManager.default.removeItem(at: folder)
        }

        /// Stops the server, as a microphone is unplugged.
        func stop() {
            daemon.withLock { daemon in
                daemon.terminate()
                daemon.waitUntilExit()
            }
        }

        private var isRunning: Bool { daemon.withLock { $0.isRunning } }

        /// Starts to play samples, 16 bits, 16 kHz, one channel.
        func play(_ samples: [UInt8]) throws {
            let file = folder.appending(path: "sound.raw")
            try Data(samples).write(to: file)
            let player = Self.process("pacat", ["--raw", "--rate=16000", "--channels=1", "--device=loop", file.path])
            try player.run()
        }

        private static func run(_ command: String, _ arguments: String...) throws -> Int32 {
            let process = process(command, arguments)
            try process.run()
            process.waitUntilExit()
            return process.terminationStatus
        }

        private static func process(_ command: String, _ arguments: [String]) -> Process {
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/\(command)")
            process.arguments = arguments
            process.standardError = FileHandle.nullDevice
            return process
        }
    }
#endif
