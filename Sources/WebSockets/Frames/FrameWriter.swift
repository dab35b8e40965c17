package import NIOCore

/// Turns messages into the bytes of frames.
package struct FrameWriter: Sendable {
    private let role: WebSocketRole
    private let maxFrameSize: Int

    package init(role: WebSocketRole, maxFrameSize: Int) {
        self.role = role
        self.maxFrameSize = maxFrameSize
    }

    /// A whole message, in several frames if it is too long for one.
    package func message(_ message: WebSocketMessage) -> ByteBuffer {
        var opcode: Opcode
        var contents: ByteBuffer
        switch message {
        case .text(let text): (opcode, contents) = (.text, ByteBuffer(string: text))
        case .binary(let bytes): (opcode, contents) = (.binary, bytes)
        }
        let frames = contents.readableBytes / maxFrameSize + 1
        var bytes = ByteBuffer()
        bytes.reserveCapacity(contents.readableBytes + frames * 14)
        while let fragment = contents.readSlice(length: min(contents.readableBytes, maxFrameSize)) {
            let isFinal = contents.readableBytes == 0
            append(fragment, as: opcode, isFinal: isFinal, to: &bytes)
            if isFinal { break }
            opcode = .continuation
        }
        return bytes
    }

    /// A ping or an answer to one.
    package func control(_ opcode: Opcode, _ contents: ByteBuffer = ByteBuffer()) -> ByteBuffer {
        var bytes = ByteBuffer()
        append(contents, as: opcode, isFinal: true, to: &bytes)
        return bytes
    }

    /// A goodbye.
    package func close(_ close: WebSocketClose) -> ByteBuffer {
        var contents = ByteBuffer()
        if close.code.isAllowedOnWire {
            contents.writeInteger(close.code.rawValue)
            var reason = close.reason
            while reason.utf8.count > Opcode.maxControlSize - 2 { reason.removeLast() }
            contents.writeString(reason)
        }
        return control(.close, contents)
    }

    private func append(_ contents: ByteBuffer, as opcode: Opcode, isFinal: Bool, to bytes: inout ByteBuffer) {
        let isMasked = role == .client
        let mask: UInt8 = isMasked ? 0x80 : 0
        bytes.writeInteger((isFinal ? 0x80 : 0) | opcode.rawValue)
        switch contents.readableBytes {
        case let size where size <= 125:
            bytes.writeInteger(mask | UInt8(size))
        case let size where size <= Int(UInt16.max):
            bytes.writeMultipleIntegers(mask | 126, UInt16(size))
        case let size:
            bytes.writeMultipleIntegers(mask | 127, UInt64(size))
        }
        guard isMasked else {
            bytes.writeImmutableBuffer(contents)
            return
        }
        // The key has to be one that nobody can predict; the system's generator is such a one.
        let key = UInt32.random(in: .min ... .max)
        bytes.writeInteger(key)
        let start = bytes.readableBytes
        bytes.writeImmutableBuffer(contents)
        bytes.applyMask(key, from: start)
    }
}
