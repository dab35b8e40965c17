import AccessTokens
import Foundation
import Gateway
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Recognition
import SoriProtocol
import Testing

@Suite("Names of sessions", .timeLimit(.minutes(1)))
struct SessionNameTests {
    private let everybody = Grant.everybody

    private func refusal(_ body: () throws -> Void) -> ErrorCode? {
        do { try body() } catch { return RequestFailure(error)?.failure.code }
        return nil
    }

    @Test("a name has letters, digits, - and _, and not too many of them")
    func characters() throws {
        for text in ["haneul", "H", "a-b_C9", String(repeating: "x", count: 40)] {
            #expect(SessionName(text)?.text == text)
        }
        for text in ["", "a.b", "하늘", "a b", "a/b", "../x", "a\r\nb", "<b>", String(repeating: "x", count: 41)] {
            #expect(SessionName(text) == nil, "\(text)")
            let refusal = refusal { _ = try SessionName(.init(name: text), everybody) }
            #expect(refusal == .badStart)
        }
    }

    @Test("an id tells its name, and of several the newest is known")
    func ids() throws {
        let (name, other) = (try #require(SessionName("haneul")), try #require(SessionName("haneul2")))
        let start = Date(timeIntervalSince1970: 1_790_000_000)
        let ids = [3, 1, 5, 2].map { name.newSession(at: start + $0 * 0.001) }
        #expect(ids.allSatisfy { SessionName(ofSession: $0) == name } && Set(ids).count == 4)
        #expect(name.newest(of: ids + [other.newSession(at: start + 60), "3f9Qk2aXcT0b", "haneul"]) == ids[2])
        #expect(name.newest(of: ["haneul", "haneul2.000000000x"]) == nil)
        #expect(SessionName(ofSession: "3f9Qk2aXcT0b") == nil)
        // Years with more and fewer digits are in order, too.
        let years = [0, 1e6, 1e9, 2.9e9, 4e9, 9e10].map { name.newSession(at: Date(timeIntervalSince1970: $0)) }
        #expect(years == years.sorted())
    }

    @Test("a token may have its own name only, and gives it to sessions that ask for none")
    func tokens() throws {
        let grant = Grant(holder: "1", permission: .speak, session: "haneul")
        #expect(try SessionName(.init(), grant)?.text == "haneul")
        #expect(try SessionName(.init(name: "haneul"), grant)?.text == "haneul")
        let other = refusal { _ = try SessionName(.init(name: "other"), grant) }
        #expect(other == .badStart)
        #expect(try SessionName(.init(), everybody) == nil)
        #expect(grant.allows(.speak) && grant.allows(.watch, session: "haneul") && !grant.allows(.watch, session: "x"))
    }

    @Test("nobody gets a name that sessions of somebody else have")
    func taken() async throws {
        let readiness = Readiness()
        readiness.worked()
        try await withRegistry(readiness) { registry in
            let mine = Grant(holder: "mine", permission: .speak)
            let (first, _) = try registry.open(.init(name: "haneul"), mine)
            let yours = Grant(holder: "yours", permission: .speak)
            let refused = refusal { _ = try registry.open(.init(name: "haneul"), yours) }
            #expect(refused == .badStart)
            let (second, _) = try registry.open(.init(name: "haneul"), mine)
            #expect(first.id != second.id && SessionName(ofSession: second.id)?.text == "haneul")
        }
    }

    @Test("who follows a name hears one session after the other, and nothing twice when he comes back")
    func following() async throws {
        let readiness = Readiness()
        readiness.worked()
        let name = try #require(SessionName("haneul"))
        try await withRegistry(readiness) { registry in
            let (first, attachment) = try registry.open(.init(gap: 0, name: name.text))
            let last = try await follow(name, registry) { events in
                #expect(await events.next(of: "session")?.contains(first.id) == true)
                try speak(to: first, attachment)
                #expect(await events.next(of: "final")?.hasPrefix("id: \(first.id)/0\n") == true)
                // A newer one takes its place, whether the former has ended or not.
                let (second, secondAttachment) = try registry.open(.init(gap: 0, name: name.text))
                #expect(await events.next(of: "session")?.contains(second.id) == true)
                try speak(to: second, secondAttachment)
                #expect(await events.next(of: "final")?.hasPrefix("id: \(second.id)/0\n") == true)
                // When it has said all, the former is there still.
                second.finish()
                #expect(await events.next(of: "finished") != nil)
                second.toldAll(secondAttachment)
                #expect(await events.next(of: "session")?.contains(first.id) == true)
                return "\(first.id)/0"
            }
            try speak(to: first, attachment)
            _ = try await follow(name, registry, last: last) { events in
                #expect(await events.next(of: "session")?.contains(first.id) == true)
                #expect(await events.next(of: "final")?.hasPrefix("id: \(first.id)/1\n") == true)
                return ""
            }
        }
    }

    private func speak(to session: SessionRunner, _ attachment: SessionRunner.Attachment) throws {
        try ScriptedSession.send(1.5, to: session, attachment)
        try ScriptedSession.send(1.5, isLoud: false, to: session, attachment)
    }

    /// Runs `body` with the events of a name.
    private func follow(
        _ name: SessionName, _ registry: SessionRegistry, last: String? = nil,
        _ body: (inout AsyncStream<String>.Iterator) async throws -> String
    ) async throws -> String {
        let (stream, told) = AsyncStream<String>.makeStream()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                await NamedEvents(name: name, registry: registry, last: last).run {
                    if let event = $0.event { told.yield(event) }
                }
            }
            defer { group.cancelAll() }
            var events = stream.makeAsyncIterator()
            return try await body(&events)
        }
    }

    @Test("who follows needs a token for the name, and there are so many at most")
    func refusals() async throws {
        let readiness = Readiness()
        readiness.worked()
        var settings = ServerSettings()
        (settings.token, settings.limits.onlookers) = ("secret", 0)
        let final = settings
        try await withRegistry(readiness, limits: final.limits) { registry in
            let routes = GatewayRoutes(
                registry: registry, readiness: readiness, settings: final, access: Access(final), exposition: { "" })
            try await Application(router: routes.router).test(.router) { client in
                let shown: HTTPFields = [.authorization: "Bearer secret"]
                for (path, headers, status) in [
                    ("/v1/names/haneul/events", [:], HTTPResponse.Status.unauthorized),
                    ("/v1/names/a.b/events", shown, .notFound),
                    ("/v1/names/haneul/events", shown, .serviceUnavailable),
                ] {
                    let answer = try await client.execute(uri: path, method: .get, headers: headers)
                    #expect(answer.status == status)
                }
            }
        }
    }
}

extension AsyncStream<String>.Iterator {
    /// The next event of a type.
    fileprivate mutating func next(of type: String) async -> String? {
        while let event = await next(isolation: #isolation) {
            if event.contains("\"type\":\"\(type)\"") { return event }
        }
        return nil
    }
}
