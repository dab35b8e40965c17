package import NIOCore

/// Which side of a connection: only a client masks what it sends.
package enum WebSocketRole: Sendable {
    case client, server
}

/// What a frame is for (RFC 6455, section 5.2).
package enum Opcode: UInt8, Sendable {
    case continuation = 0
    case text = 1
    case binary = 2
    case close = 8
    case ping = 9
    case pong = 10

    /// Whether the frame stands alone and is small, also between the fragments of a message.
    var isControl: Bool { rawValue >= 8 }

    /// The most bytes that a control frame carries.
    static let maxControlSize = 125
}

/// The beginning of a frame, not yet judged.
struct FrameHeader {
    let isFinal: Bool
    let reserved: UInt8
    let rawOpcode: UInt8
    let maskingKey: UInt32?
    let length: UInt64

    var opcode: Opcode? { Opcode(rawValue: rawOpcode) }

    /// Takes a header from the beginning of the bytes, or leaves them alone if there is only a part of one.
    init?(from buffer: inout ByteBuffer) {
        var rest = buffer
        guard let start = rest.readMultipleIntegers(as: (UInt8, UInt8).self) else { return nil }
        switch start.1 & 0x7F {
        case 126:
            guard let length = rest.readInteger(as: UInt16.self) else { return nil }
            self.length = UInt64(length)
        case 127:
            guard let length = rest.readInteger(as: UInt64.self) else { return nil }
            self.length = length
        case let length:
            self.length = UInt64(length)
        }
        if start.1 & 0x80 != 0 {
            guard let key = rest.readInteger(as: UInt32.self) else { return nil }
            maskingKey = key
        } else {
            maskingKey = nil
        }
        isFinal = start.0 & 0x80 != 0
        reserved = start.0 & 0x70
        rawOpcode = start.0 & 0x0F
        buffer = rest
    }
}

extension ByteBuffer {
    /// Masks or unmasks the readable bytes from an offset on.
    ///
    /// - Parameter phase: how many bytes have been masked with the key before these.
    package mutating func applyMask(_ key: UInt32, from offset: Int = 0, phase: Int = 0) {
        let turn = UInt32(phase % 4 * 8)
        let turned = turn == 0 ? key : key << turn | key >> (32 - turn)
        let pattern = (UInt64(turned) << 32 | UInt64(turned)).bigEndian
        withUnsafeMutableReadableBytes { bytes in
            var index = offset
            while index + 8 <= bytes.count {
                let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                bytes.storeBytes(of: word ^ pattern, toByteOffset: index, as: UInt64.self)
                index += 8
            }
            // Whole words leave the key where it was.
            for (step, index) in (index..<bytes.count).enumerated() {
                bytes[index] ^= UInt8(truncatingIfNeeded: turned >> UInt32(24 - step % 4 * 8))
            }
        }
    }
}
