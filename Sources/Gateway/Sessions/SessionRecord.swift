internal import Crypto
internal import Foundation
package import SoriProtocol
package import Streaming

/// What a gateway needs to go on with a session of another one: it is stored before the client is told that it may forget
/// sound.
package struct SessionRecord: Sendable, Equatable, Codable {
    /// Finals that are kept for a client that has not got them, newest last.
    package static let keptFinals = 20
    /// Changes when older gateways cannot read a record any longer.
    private static let version = 3

    private var version = Self.version
    /// SHA-256 of the resume token: whoever reads the store cannot take sessions over.
    private let token: Data
    /// What the client has asked for, changes included; without session and token.
    package let start: ClientMessage.Start
    /// Samples of each channel that the client need not send again, at its rate.
    package let acknowledged: Int
    /// Which samples of the client are which at 16 kHz.
    let places: SoundPlaces
    /// Places of flushes that are not done yet.
    package let flushes: FlushPlaces
    /// The last finals that were told.
    package let finals: ToldFinals
    /// The captions' state where the client goes on.
    package let captions: CaptionSession.Checkpoint

    init(
        token: String, start: ClientMessage.Start, acknowledged: Int, places: SoundPlaces,
        flushes: FlushPlaces, finals: ToldFinals, captions: CaptionSession.Checkpoint
    ) {
        self.token = Self.digest(of: token)
        self.start = start
        self.acknowledged = acknowledged
        self.places = places
        self.flushes = flushes
        self.finals = finals
        self.captions = captions
    }

    /// Whether this is the session's resume token, in a time that does not tell where it differs.
    func has(token: String) -> Bool {
        // Comparing digests reveals nothing of the token.
        self.token == Self.digest(of: token)
    }

    private static func digest(of token: String) -> Data { Data(SHA256.hash(data: Data(token.utf8))) }

    /// The record as it is stored.
    func bytes() throws -> [UInt8] {
        let encoder = PropertyListEncoder()
        encoder.outputFormat = .binary
        return Array(try encoder.encode(self))
    }

    /// - Throws: a `DecodingError` when it was stored by a gateway of another version.
    package init(bytes: [UInt8]) throws {
        self = try PropertyListDecoder().decode(Self.self, from: Data(bytes))
        guard version == Self.version else {
            throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "version \(version)"))
        }
    }
}
