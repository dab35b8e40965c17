/// Why OBS cannot be reached by trying again.
package struct OBSError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: Sendable, Equatable {
        /// OBS wants a password.
        case passwordMissing
        /// OBS does not take this password.
        case passwordWrong
        /// What answers does not speak this protocol.
        case notOBS
    }

    package let code: Code
    /// One line that says what is wrong and what to do.
    package let message: String

    package var description: String { message }

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// Close codes of obs-websocket that a person has to mend.
    init?(closeCode: UInt16?, address: String) {
        switch closeCode {
        case 4009:
            self.init(
                .passwordWrong,
                "OBS does not take this password; copy it from Tools → WebSocket Server Settings → Show Connect Info")
        case 4006, 4010:
            self.init(.notOBS, "OBS at \(address) speaks another version of its protocol; use OBS 28 or later")
        default: return nil
        }
    }
}
