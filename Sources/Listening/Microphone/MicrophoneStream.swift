import CPortAudio
import Foundation

/// An open device. It is used by one thread.
struct MicrophoneStream: ~Copyable {
    private let stream: OpaquePointer
    private let name: String
    private let blockLength: Int
    private var lastSound = ContinuousClock.now

    /// Sound that the device keeps for a thread that is late.
    private static let latency = 0.2
    /// How long a device that works can be without a sample, silence included.
    private static let patience = Duration.seconds(5)
    /// Microseconds between two looks.
    private static let beat: UInt32 = 5_000

    static func parameters(_ device: InputDevice) -> PaStreamParameters {
        PaStreamParameters(
            device: PaDeviceIndex(device.number), channelCount: 1, sampleFormat: paInt16, suggestedLatency: latency,
            hostApiSpecificStreamInfo: nil)
    }

    init(_ device: InputDevice, rate: Int) throws {
        name = device.name
        blockLength = rate / 25
        var parameters = Self.parameters(device)
        var opened: UnsafeMutableRawPointer?
        let status = PortAudio.alone {
            let status = Pa_OpenStream(&opened, &parameters, nil, Double(rate), 0, PaStreamFlags(paNoFlag), nil, nil)
            guard status == paNoError.rawValue else { return status }
            return Pa_StartStream(opened)
        }
        guard status == paNoError.rawValue, let opened else {
            if let opened { _ = PortAudio.alone { Pa_CloseStream(opened) } }
            throw SoundError(
                "the microphone '\(device.name)' cannot be opened (\(PortAudio.reason(status))); does another program use it?"
            )
        }
        stream = OpaquePointer(opened)
    }

    deinit {
        let stream = UnsafeMutableRawPointer(stream)
        _ = PortAudio.alone { Pa_AbortStream(stream) }
        _ = PortAudio.alone { Pa_CloseStream(stream) }
    }

    /// The next 40 ms, or nil after a moment without them. It asks before it reads, since a device that has fallen
    /// silent would keep the thread for ever.
    mutating func read() throws -> SoundBlock? {
        let stream = UnsafeMutableRawPointer(stream)
        let available = Pa_GetStreamReadAvailable(stream)
        guard available >= 0 else { throw lost(PortAudio.reason(PaError(available))) }
        guard available >= blockLength else {
            guard ContinuousClock.now - lastSound < Self.patience else { throw lost("no sound comes any more") }
            usleep(Self.beat)
            return nil
        }
        lastSound = .now
        var status = PaError(paNoError.rawValue)
        let size = blockLength * 2
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
            status = Pa_ReadStream(stream, buffer.baseAddress, UInt(blockLength))
            filled = size
        }
        let isOverflow = status == paInputOverflowed.rawValue
        guard status == paNoError.rawValue || isOverflow else { throw lost(PortAudio.reason(status)) }
        return SoundBlock(bytes: bytes, overflows: isOverflow ? 1 : 0)
    }

    private func lost(_ reason: String) -> SoundError {
        SoundError("the microphone '\(name)' is gone (\(reason)); plug it in and start again")
    }
}
