internal import Foundation

/// The messages between a client that streams sound and a server that streams captions.
public enum SoriProtocol {
    /// The version that this code speaks.
    public static let version = 1

    /// Writes a message as one line of JSON, with seconds and probabilities to three decimals.
    ///
    /// - Throws: `EncodingError` if one of its numbers is infinite or not a number.
    public static func encode(_ message: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        return String(decoding: try encoder.encode(message), as: UTF8.self)
    }

    /// Reads a message.
    ///
    /// - Throws: ``MessageError``, which says in one line what is wrong and what to send.
    public static func decode<Message: Decodable>(_ type: Message.Type, from text: String) throws(MessageError)
        -> Message
    {
        do {
            return try JSONDecoder().decode(type, from: Data(text.utf8))
        } catch let error as MessageError {
            throw error
        } catch let error as DecodingError {
            throw MessageError(error)
        } catch {
            throw .notAnObject
        }
    }
}
