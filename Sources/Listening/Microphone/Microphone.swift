import CPortAudio
import Dispatch
package import SoriProtocol
import Synchronization

/// A microphone: 16-bit samples of one channel, at 16 kHz if the device gives that, else at a rate of its own.
package final class Microphone: SoundSource {
    package let format: AudioFormat
    package let isLive = true
    /// The device.
    package let device: InputDevice

    private typealias Pipe = AsyncThrowingStream<SoundBlock, any Error>.Continuation

    private let portAudio: PortAudio

    /// Blocks that wait for a taker who is late, of 40 ms each. The device has a buffer of its own besides.
    private static let patience = 500

    /// Finds a microphone.
    ///
    /// - Parameter device: see ``InputDevice/choose(_:among:)``.
    /// - Throws: ``SoundError`` when there is no such device, or it cannot be opened.
    package init(device wanted: String? = nil) throws {
        portAudio = try PortAudio()
        let device = try InputDevice.choose(wanted, among: portAudio.inputDevices())
        self.device = device
        format = AudioFormat(encoding: .pcmS16LE, sampleRate: try Self.rate(of: device), channels: 1)
    }

    /// The devices that can be named.
    package static func devices() throws -> [InputDevice] {
        try PortAudio().inputDevices()
    }

    package func run(_ take: @escaping @Sendable (SoundBlock) async throws -> Void) async throws {
        let stop = StopFlag()
        let (blocks, pipe) = AsyncThrowingStream<SoundBlock, any Error>.makeStream(
            bufferingPolicy: .bufferingOldest(Self.patience))
        try await withTaskCancellationHandler {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await self.record(into: pipe, until: stop) }
                defer { stop.set() }
                for try await block in blocks { try await take(block) }
            }
        } onCancel: {
            stop.set()
        }
    }

    /// Reads on a thread that may wait, until it is told to stop or the device fails.
    private func record(into pipe: Pipe, until stop: StopFlag) async {
        let queue = DispatchQueue(label: "sori.microphone", qos: .userInteractive)
        await withCheckedContinuation { continuation in
            queue.async {
                pipe.finish(throwing: self.failure(into: pipe, until: stop))
                continuation.resume()
            }
        }
    }

    private func failure(into pipe: Pipe, until stop: StopFlag) -> (any Error)? {
        do {
            var stream = try MicrophoneStream(device, rate: format.sampleRate)
            var overflows = 0
            while !stop.isSet {
                guard let block = try stream.read() else { continue }
                overflows += block.overflows
                if case .dropped = pipe.yield(SoundBlock(bytes: block.bytes, overflows: overflows)) {
                    overflows += 1
                } else {
                    overflows = 0
                }
            }
            return nil
        } catch {
            return error
        }
    }

    /// The best rate that the device and the protocol share.
    private static func rate(of device: InputDevice) throws -> Int {
        let own = Pa_GetDeviceInfo(PaDeviceIndex(device.number)).map { Int($0.pointee.defaultSampleRate) }
        let rates = [16_000] + (own.map { [$0] } ?? []) + [48_000, 44_100, 32_000, 24_000, 8_000]
        var parameters = MicrophoneStream.parameters(device)
        var status = PaError(paNoError.rawValue)
        for rate in rates where AudioFormat.sampleRates.contains(rate) {
            status = PortAudio.alone { Pa_IsFormatSupported(&parameters, nil, Double(rate)) }
            if status == paNoError.rawValue { return rate }
        }
        let reason = PortAudio.reason(status)
        throw SoundError("the microphone '\(device.name)' cannot be used (\(reason)); does another program use it?")
    }
}

/// A wish that another thread looks at now and then.
final class StopFlag: Sendable {
    private let value = Atomic(false)

    var isSet: Bool { value.load(ordering: .relaxed) }

    func set() {
        value.store(true, ordering: .relaxed)
    }
}
