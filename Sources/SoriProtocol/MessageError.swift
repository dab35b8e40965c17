/// Why a text is not a message of the protocol.
public struct MessageError: Error, Sendable, Equatable, CustomStringConvertible {
    /// One line that names the field and says what to send. It shows nothing of what came.
    public let message: String
    /// What to answer: ``ErrorCode/unsupportedAudio`` if the fault lies in `audio`, ``ErrorCode/badMessage`` otherwise,
    /// which is ``ErrorCode/badStart`` where a `start` was due.
    public let code: ErrorCode

    /// The ``message``.
    public var description: String { message }

    /// A message that does not belong where it comes.
    package init(_ message: String) {
        self.message = message
        code = .badMessage
    }

    init(at path: [any CodingKey], _ rule: String) {
        message = "\(Self.place(path)) \(rule)"
        code = path.first?.stringValue == "audio" ? .unsupportedAudio : .badMessage
    }

    init(_ error: DecodingError) {
        switch error {
        case .keyNotFound(let key, let context):
            self.init(at: context.codingPath + [key], "is missing; add it")
        case .valueNotFound(_, let context) where context.codingPath.isEmpty:
            self = .notAnObject
        case .valueNotFound(_, let context):
            self.init(at: context.codingPath, "must not be null")
        case .typeMismatch(_, let context) where context.codingPath.isEmpty:
            self = .notAnObject
        case .typeMismatch(let type, let context):
            self.init(at: context.codingPath, "must be \(Self.name(of: type))")
        case .dataCorrupted(let context) where !context.codingPath.isEmpty:
            self.init(at: context.codingPath, "has a value that is not taken; see the documentation of the protocol")
        default:
            self = .notAnObject
        }
    }

    static let notAnObject = MessageError(at: [], "must be one JSON object, such as {\"type\":\"start\",\"version\":1}")

    /// A place such as `'words[2].start'`.
    private static func place(_ path: [any CodingKey]) -> String {
        guard !path.isEmpty else { return "a message" }
        let names = path.map { key in key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)" }
        return "'\(names.joined().drop { $0 == "." })'"
    }

    private static func name(of type: any Any.Type) -> String {
        switch type {
        case is String.Type: "a text"
        case is Int.Type: "a whole number"
        case is Double.Type: "a number"
        case is Bool.Type: "true or false"
        case is [Any].Type: "a list"
        default: "an object"
        }
    }
}
