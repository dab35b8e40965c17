import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// A failure that may pass: worth another try.
struct NetworkFailure: Error {
    /// What happened, in a few words.
    let reason: String

    init(reason: String) {
        self.reason = reason
    }

    /// Puts an error of the HTTP client into words.
    init(_ error: any Error) {
        if let failure = error as? NetworkFailure {
            self = failure
        } else if let error = error as? NIOConnectionError {
            let unresolved = error.dnsAError != nil && error.dnsAAAAError != nil
            reason = unresolved ? "the name \(error.host) is not known" : "no connection to \(error.host):\(error.port)"
        } else if let error = error as? HTTPClientError {
            reason =
                switch error {
                case .connectTimeout: "no answer"
                case .readTimeout: "the connection fell silent"
                case .remoteConnectionClosed: "the connection was lost"
                default: error.shortDescription
                }
        } else if let error = error as? IOError {
            reason = error.errnoCode == ECONNREFUSED ? "nobody answers there" : "the connection was lost"
        } else if error is ChannelError || error is HTTPParserError {
            reason = "the connection was lost"
        } else {
            reason = String(describing: error)
        }
    }
}
