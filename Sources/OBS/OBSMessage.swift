internal import Foundation

/// What OBS says, of protocol 5 of obs-websocket
/// (https://github.com/obsproject/obs-websocket/blob/master/docs/generated/protocol.md).
enum OBSMessage: Sendable, Equatable {
    /// The first message: which version answers, and what it wants as proof; `nil` for nothing.
    case hello(challenge: OBSChallenge?)
    /// It has let the client in.
    case identified
    /// The answer to a request: whether it was done, and why not.
    case response(id: String, status: Status)
    /// Something else, such as an event.
    case other

    struct Status: Sendable, Equatable, Decodable {
        let result: Bool
        /// 100 for success; see ``OBSMessage/Status/notFound``.
        let code: Int
        let comment: String?

        /// There is no source of that name.
        static let notFound = 600
        /// OBS does not stream.
        static let notRunning = 501
    }

    /// - Returns: `nil` for what is no message.
    init?(_ text: String) {
        struct Envelope: Decodable {
            struct Contents: Decodable {
                let authentication: OBSChallenge?
                let requestId: String?
                let requestStatus: Status?
            }

            let op: Int
            let d: Contents?
        }
        guard let envelope = try? JSONDecoder().decode(Envelope.self, from: Data(text.utf8)) else { return nil }
        switch envelope.op {
        case 0: self = .hello(challenge: envelope.d?.authentication)
        case 2: self = .identified
        case 7:
            guard let id = envelope.d?.requestId, let status = envelope.d?.requestStatus else { return nil }
            self = .response(id: id, status: status)
        default: self = .other
        }
    }
}

/// What OBS wants to have proved.
package struct OBSChallenge: Sendable, Equatable, Decodable {
    package let challenge: String
    package let salt: String

    package init(challenge: String, salt: String) {
        self.challenge = challenge
        self.salt = salt
    }
}

/// What OBS is asked for.
enum OBSRequest: Sendable, Equatable {
    /// To show a text in a text source.
    case showText(String, source: String)
    /// To send a caption with the stream, which viewers can switch on (CEA-608).
    case sendCaption(String)

    func text(id: String) -> String {
        switch self {
        case .showText(let text, let source):
            Self.encoded(
                Envelope(
                    requestType: "SetInputSettings", requestId: id,
                    requestData: .init(inputName: source, inputSettings: ["text": text], overlay: true)))
        case .sendCaption(let text):
            Self.encoded(
                Envelope(requestType: "SendStreamCaption", requestId: id, requestData: .init(captionText: text)))
        }
    }

    /// The client's first message.
    static func identify(_ proof: String?) -> String {
        struct Identify: Encodable {
            var rpcVersion = 1
            var eventSubscriptions = 0
            let authentication: String?
        }
        return encoded(op: 1, Identify(authentication: proof))
    }

    private struct Envelope: Encodable {
        struct Contents: Encodable {
            var inputName: String?
            var inputSettings: [String: String]?
            var overlay: Bool?
            var captionText: String?
        }

        let requestType: String
        let requestId: String
        let requestData: Contents
    }

    private static func encoded(_ envelope: Envelope) -> String { encoded(op: 6, envelope) }

    private static func encoded(op: Int, _ contents: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Texts and numbers can always be written.
        let body = (try? encoder.encode(contents)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
        return "{\"op\":\(op),\"d\":\(body)}"
    }
}
