package import NIOCore

/// Turns the bytes of one connection into messages: checks frames, joins fragments and keeps to the limits.
///
/// After a fault it skips everything up to the peer's goodbye, so that the closing handshake can still succeed.
package struct FrameReader {
    /// What came.
    package enum Event: Equatable {
        case message(WebSocketMessage)
        case ping(ByteBuffer)
        case pong
        /// The peer said goodbye; nothing follows.
        case close(WebSocketClose)
        /// The peer broke the rules; only a goodbye can follow.
        case fault(ProtocolFault)
    }

    private enum Expected {
        case header
        case contents(of: Frame)
        case nothing
    }

    private struct Frame {
        /// Nil if the contents are skipped.
        let opcode: Opcode?
        let isFinal: Bool
        let maskingKey: UInt32
        var read: UInt64 = 0
        var left: UInt64
    }

    private let role: WebSocketRole
    private let maxFrameSize: Int
    private let maxMessageSize: Int
    private var buffer = ByteBuffer()
    private var expected = Expected.header
    private var message: (opcode: Opcode, contents: ByteBuffer)?
    private var control = ByteBuffer()
    private var hasFailed = false
    private var isClosing = false

    /// Creates a reader for one side of a connection.
    package init(role: WebSocketRole, maxFrameSize: Int, maxMessageSize: Int) {
        self.role = role
        self.maxFrameSize = maxFrameSize
        self.maxMessageSize = maxMessageSize
    }

    /// Takes the next bytes from the peer, whatever their boundaries.
    package mutating func receive(_ bytes: ByteBuffer) {
        if buffer.readableBytes == 0 {
            buffer = bytes
        } else {
            buffer.discardReadBytes()
            buffer.writeImmutableBuffer(bytes)
        }
    }

    /// The next thing in the bytes so far, or nil if more bytes are needed.
    package mutating func next() -> Event? {
        while true {
            switch expected {
            case .nothing:
                buffer = ByteBuffer()
                return nil
            case .header:
                if isClosing {
                    // A goodbye that was itself a fault is a goodbye all the same.
                    expected = .nothing
                    return .close(WebSocketClose(.noStatus))
                }
                guard let header = FrameHeader(from: &buffer) else { return nil }
                if let fault = begin(header) { return .fault(fault) }
            case .contents(var frame):
                let size = min(frame.left, UInt64(buffer.readableBytes))
                guard let bytes = buffer.readSlice(length: Int(size)), size > 0 || frame.left == 0 else { return nil }
                append(bytes, of: frame)
                frame.read += size
                frame.left -= size
                guard frame.left == 0 else {
                    expected = .contents(of: frame)
                    continue
                }
                expected = .header
                if let event = finish(frame) { return event }
            }
        }
    }

    private mutating func begin(_ header: FrameHeader) -> ProtocolFault? {
        let fault = hasFailed ? nil : fault(in: header)
        if fault != nil { giveUp() }
        let isWanted = !hasFailed || header.opcode == .close && header.length <= Opcode.maxControlSize
        expected = .contents(
            of: Frame(
                opcode: isWanted ? header.opcode : nil, isFinal: header.isFinal, maskingKey: header.maskingKey ?? 0,
                left: header.length))
        if let opcode = header.opcode, isWanted {
            if opcode.isControl {
                control = ByteBuffer()
            } else if message == nil {
                message = (opcode, ByteBuffer())
            }
        }
        return fault
    }

    private func fault(in header: FrameHeader) -> ProtocolFault? {
        guard header.reserved == 0 else { return .violation("a frame with reserved bits") }
        guard let opcode = header.opcode else { return .violation("a frame of an unknown kind") }
        guard (header.maskingKey != nil) == (role == .server) else {
            return .violation(role == .server ? "a frame without a mask" : "a frame with a mask")
        }
        if opcode.isControl {
            guard header.isFinal else { return .violation("a control frame in fragments") }
            guard header.length <= Opcode.maxControlSize else { return .violation("a control frame that is too long") }
            return nil
        }
        guard (opcode == .continuation) == (message != nil) else {
            let isStray = opcode == .continuation
            return .violation(isStray ? "a fragment without a beginning" : "a message within another")
        }
        guard header.length <= maxFrameSize else { return .tooLarge("frame", limit: maxFrameSize) }
        let before = message?.contents.readableBytes ?? 0
        guard header.length <= maxMessageSize - before else { return .tooLarge("message", limit: maxMessageSize) }
        return nil
    }

    private mutating func append(_ bytes: ByteBuffer, of frame: Frame) {
        guard let opcode = frame.opcode, bytes.readableBytes > 0 else { return }
        let phase = Int(frame.read % 4)
        if opcode.isControl {
            control.append(bytes, unmaskedWith: frame.maskingKey, phase: phase)
        } else {
            message?.contents.append(bytes, unmaskedWith: frame.maskingKey, phase: phase)
        }
    }

    private mutating func finish(_ frame: Frame) -> Event? {
        switch frame.opcode {
        case nil: return nil
        case .ping: return .ping(control)
        case .pong: return .pong
        case .close: return finishClose()
        case .continuation, .text, .binary: return frame.isFinal ? finishMessage() : nil
        }
    }

    private mutating func finishMessage() -> Event? {
        guard let opcode = message?.opcode, var contents = message?.contents else { return nil }
        message = nil
        guard opcode == .text else { return .message(.binary(contents)) }
        guard let text = try? contents.readUTF8ValidatedString(length: contents.readableBytes) else {
            return failure(.invalidText)
        }
        return .message(.text(text))
    }

    private mutating func finishClose() -> Event {
        isClosing = true
        guard control.readableBytes > 0 else { return goodbye(WebSocketClose(.noStatus)) }
        guard let number = control.readInteger(as: UInt16.self) else {
            return failure(.violation("half a code to close with"))
        }
        let code = WebSocketCloseCode(rawValue: number)
        guard code.isAllowedOnWire else { return failure(.violation("a code to close with that there is not")) }
        guard let reason = try? control.readUTF8ValidatedString(length: control.readableBytes) else {
            return failure(.invalidText)
        }
        return goodbye(WebSocketClose(code, reason: reason))
    }

    private mutating func goodbye(_ close: WebSocketClose) -> Event {
        expected = .nothing
        return .close(close)
    }

    /// A fault is told once; one in a late goodbye only means that nothing is known of it.
    private mutating func failure(_ fault: ProtocolFault) -> Event {
        guard !hasFailed else { return goodbye(WebSocketClose(.noStatus)) }
        giveUp()
        return .fault(fault)
    }

    private mutating func giveUp() {
        hasFailed = true
        message = nil
    }
}

extension ByteBuffer {
    fileprivate mutating func append(_ bytes: ByteBuffer, unmaskedWith key: UInt32, phase: Int) {
        let start = readableBytes
        writeImmutableBuffer(bytes)
        if key != 0 { applyMask(key, from: start, phase: phase) }
    }
}
