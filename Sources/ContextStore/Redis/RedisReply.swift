internal import CHiredis

/// What Redis answers.
enum RedisReply: Sendable, Hashable {
    /// Nothing, or something that is not used here.
    case none
    /// A word such as `OK`.
    case status(String)
    /// What Redis has against a command.
    case error(String)
    /// A number.
    case integer(Int)
    /// Bytes, or a text.
    case bytes([UInt8])
    /// Several answers.
    case list([RedisReply])

    /// Copies an answer.
    init(_ reply: UnsafePointer<redisReply>) {
        let reply = reply.pointee
        var bytes: [UInt8] { Array(UnsafeRawBufferPointer(start: reply.str, count: Int(reply.len))) }
        self =
            switch reply.type {
            case REDIS_REPLY_STATUS: .status(String(decoding: bytes, as: UTF8.self))
            case REDIS_REPLY_ERROR: .error(String(decoding: bytes, as: UTF8.self))
            case REDIS_REPLY_INTEGER: .integer(Int(reply.integer))
            case REDIS_REPLY_STRING: .bytes(bytes)
            case REDIS_REPLY_ARRAY:
                .list(
                    UnsafeBufferPointer(start: reply.element, count: Int(reply.elements))
                        .map { element in element.map { RedisReply(UnsafePointer($0)) } ?? .none })
            default: .none
            }
    }

    /// A text, a status, or a number as text.
    var text: String? {
        switch self {
        case .status(let text): text
        case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
        case .integer(let number): String(number)
        case .none, .error, .list: nil
        }
    }

    /// A number, or a text that is one.
    var number: Int? { text.flatMap { Int($0) } }
}
