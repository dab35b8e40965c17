import Foundation
import Gateway
import SoriProtocol
import Testing
import WebSockets

@Suite("What a client is told of an error")
struct RequestFailureTests {
    private struct Surprise: Error {}

    @Test("a refusal is told as it is")
    func refusal() {
        let refusal = RequestFailure(.tooManySessions, "full", retryAfter: 5)
        #expect(RequestFailure(refusal as any Error)?.failure == refusal.failure)
    }

    @Test("a fault of the server is told as such, without what it was")
    func internalError() throws {
        let failure = try #require(RequestFailure(Surprise())?.failure)
        #expect(failure.code == .internalError && failure.fatal && failure.retryAfter != nil)
        #expect(!failure.message.contains("Surprise"))
        #expect(failure.code.closeStatus == 1011)
    }

    @Test("messages that break a limit, or the rules of text, have a code")
    func violations() {
        #expect(RequestFailure(WebSocketError(.messageTooLarge, "too large"))?.failure.code == .messageTooLarge)
        #expect(RequestFailure(WebSocketError(.invalidText, "no text"))?.failure.code == .badMessage)
    }

    @Test("nothing is told to a client that is gone, nor when the server is torn down")
    func nobody() {
        #expect(RequestFailure(WebSocketError(.connectionLost, "lost")) == nil)
        #expect(RequestFailure(CancellationError()) == nil)
    }
}
