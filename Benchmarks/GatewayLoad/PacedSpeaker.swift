import Foundation
import Listening
import Locks
import NIOCore
import SoriProtocol
import WebSockets

/// A client that speaks in real time: 3 s of sound, 1 s of silence, and so on.
final class PacedSpeaker: Sendable {
    private struct Times {
        /// When each frame was sent.
        var sent: [ContinuousClock.Instant] = []
        /// Seconds between a window's last sample and its text.
        var latencies: [Double] = []
        var finals = 0
    }

    private let entry: Entry
    private let frame: Int
    private let seconds: Double
    private let delay: Double
    private let times = Guarded(Times())

    /// - Parameters:
    ///   - frame: samples in a message.
    ///   - delay: seconds until it begins.
    init(_ entry: Entry, frame: Int, seconds: Double, delay: Double) {
        self.entry = entry
        self.frame = frame
        self.seconds = seconds
        self.delay = delay
    }

    /// What was measured.
    var result: (latencies: [Double], finals: Int) { times.withLock { ($0.latencies, $0.finals) } }

    /// Speaks until everything is said.
    func run() async throws {
        try await Task.sleep(for: .seconds(delay))
        try await entry.connect { inbound, outbound in
            try await outbound.write(.text(Entry.start))
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await self.speak(outbound) }
                for try await message in inbound {
                    guard case .text(let text) = message else { continue }
                    if try self.take(SoriProtocol.decode(ServerMessage.self, from: text)) { break }
                }
                group.cancelAll()
            }
        }
    }

    private func speak(_ outbound: WebSocketOutbound) async throws {
        let pace = Pace(clock: ContinuousClock())
        let speech = Self.sound(frame) { Int16(8000 * sin(Double($0) / 12) * sin(Double($0) / 97)) }
        let silence = Self.sound(frame) { _ in 0 }
        let count = Int(seconds * 16_000) / frame
        for index in 0..<count {
            let second = Double((index + 1) * frame) / 16_000
            try await pace.wait(until: second)
            times.withLock { $0.sent.append(.now) }
            try await outbound.write(.binary(second.truncatingRemainder(dividingBy: 4) < 3 ? speech : silence))
        }
        try await outbound.write(.text(SoriProtocol.encode(ClientMessage.finish)))
    }

    /// - Returns: whether it was the last message.
    private func take(_ message: ServerMessage) throws -> Bool {
        switch message {
        case .partial(let partial):
            let now = ContinuousClock.now
            guard let end = (partial.stable + partial.tentative).split(separator: " ").last.flatMap({ Int($0) }) else {
                return false
            }
            times.withLock { times in
                let frame = min((end - 1) / frame, times.sent.count - 1)
                times.latencies.append((now - times.sent[frame]) / .seconds(1))
            }
        case .final: times.withLock { $0.finals += 1 }
        case .finished: return true
        case .error(let failure): throw LoadError("the gateway says: \(failure.message)")
        default: break
        }
        return false
    }

    private static func sound(_ count: Int, _ sample: (Int) -> Int16) -> ByteBuffer {
        var bytes = ByteBuffer()
        for index in 0..<count { bytes.writeInteger(sample(index), endianness: .little) }
        return bytes
    }
}
