import CPortAudio
import Foundation
import Synchronization

/// PortAudio, from the first use of a microphone to the last: device numbers are valid as long as one of these lives.
final class PortAudio: Sendable {
    /// PortAudio must not be entered by two threads, except to read from streams. The number is that of its users.
    private static let users = Mutex(0)
    /// Where the remarks of C libraries belong; its address, since a pointer belongs to one thread.
    private static let standardError = sori_standard_error().map { UInt(bitPattern: $0) }
    private static let nowhere = fopen("/dev/null", "w").map { UInt(bitPattern: $0) }

    init() throws {
        let status = Self.users.withLock { users in
            Self.hush(true)
            let status = Pa_Initialize()
            if status == paNoError.rawValue { users += 1 } else if users == 0 { Self.hush(false) }
            return status
        }
        guard status == paNoError.rawValue else {
            throw SoundError("the sound system cannot be used (\(Self.reason(status))); is a sound server running?")
        }
    }

    deinit {
        Self.users.withLock { users in
            Pa_Terminate()
            users -= 1
            if users == 0 { Self.hush(false) }
        }
    }

    /// Sends the remarks of C libraries nowhere, or where they belong. What Swift writes to standard error stays.
    private static func hush(_ isHushed: Bool) {
        guard let standardError, let nowhere else { return }
        sori_set_standard_error(UnsafeMutablePointer(bitPattern: isHushed ? nowhere : standardError))
    }

    /// What sound can be recorded from.
    func inputDevices() -> [InputDevice] {
        Self.users.withLock { _ in
            let standard = Pa_GetDefaultInputDevice()
            return (0..<max(Pa_GetDeviceCount(), 0)).compactMap { index in
                guard let info = Pa_GetDeviceInfo(index)?.pointee, info.maxInputChannels > 0 else { return nil }
                let system = Pa_GetHostApiInfo(info.hostApi).map { String(cString: $0.pointee.name) }
                return InputDevice(
                    number: Int(index), name: info.name.map { String(cString: $0) } ?? "", system: system ?? "",
                    isDefault: index == standard)
            }
        }
    }

    /// Does what needs PortAudio to itself.
    static func alone<Result: Sendable>(_ body: () -> Result) -> Result {
        users.withLock { _ in body() }
    }

    /// PortAudio's words for a status, or those of the system below it.
    static func reason(_ status: PaError) -> String {
        if status == paUnanticipatedHostError.rawValue, let text = Pa_GetLastHostErrorInfo()?.pointee.errorText {
            let words = String(cString: text)
            return words.isEmpty ? "it does not answer" : words
        }
        return Pa_GetErrorText(status).map { String(cString: $0) } ?? "status \(status)"
    }
}
