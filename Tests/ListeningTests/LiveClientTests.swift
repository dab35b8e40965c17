import Listening
import SoriProtocol
import Testing
import WebSockets

/// Sound from memory, and what comes after it.
private struct ListedSound: SoundSource {
    enum End { case normal, never, failure }

    let format = CaptionServer.format
    var isLive = false
    let sound: [UInt8]
    var end = End.normal

    func run(_ take: @escaping @Sendable (SoundBlock) async throws -> Void) async throws {
        for start in stride(from: 0, to: sound.count, by: 777) {
            try await take(SoundBlock(bytes: Array(sound[start..<min(start + 777, sound.count)])))
        }
        switch end {
        case .normal: return
        case .never: try await Task.sleep(for: .seconds(3_600))
        case .failure: throw SoundError("the microphone is gone")
        }
    }
}

@Suite(.timeLimit(.minutes(1))) struct LiveClientTests {
    private let sound = (0..<50_000).map { UInt8(truncatingIfNeeded: $0 / 7) }

    private func client(_ url: String, _ source: ListedSound, token: String? = nil, duration: Double? = nil)
        -> LiveClient
    {
        // No pauses between attempts: what is tried here is what comes back, not when.
        let limits = LiveLimits(firstPatience: .zero, backoff: .init(minimum: .zero, initial: .zero, maximum: .zero))
        return LiveClient(
            .init(url: url, token: token, settings: .init(language: "ko")), source: source, duration: duration,
            limits: limits, logger: quiet)
    }

    private func texts(_ events: [LiveEvent]) -> [String] {
        events.compactMap { if case .final(let final) = $0 { final.text } else { nil } }
    }

    @Test func everythingIsHeard() async throws {
        let server = CaptionServer(token: "open sesame")
        let events = try await server.run { url in
            try await collect(client(url, ListedSound(sound: sound), token: "open sesame"))
        }
        #expect(server.sound.elementsEqual(sound))
        #expect(texts(events) == ["8000", "8000", "8000", "8000", "8000", "8000", "2000"])
        #expect(events.last == .finished(seconds: 6.25))
        #expect(server.starts == [.init(language: "ko", audio: CaptionServer.format)])
    }

    @Test(arguments: [1, 2, 5]) func cutsChangeNothing(frames: Int) async throws {
        let server = CaptionServer(cutEvery: frames)
        let events = try await server.run { url in try await collect(client(url, ListedSound(sound: sound))) }
        #expect(server.sound.elementsEqual(sound))
        #expect(texts(events) == ["8000", "8000", "8000", "8000", "8000", "8000", "2000"])
        #expect(server.starts.count > 2)
        #expect(server.starts.dropFirst().allSatisfy { $0.session == "s" && $0.resumeToken == "t" })
    }

    @Test func theLastWordsOfAnEndlessSourceComeWithFinish() async throws {
        let server = CaptionServer()
        let events = try await server.run { url in
            let client = client(url, ListedSound(sound: sound, end: .never))
            return try await collect(client) { event in
                if case .final(let final) = event, final.utterance == 5 { client.finish() }
            }
        }
        #expect(texts(events).last == "2000")
    }

    @Test func afterItsDurationItEndsByItself() async throws {
        let server = CaptionServer()
        let events = try await server.run { url in
            try await collect(client(url, ListedSound(sound: sound, end: .never), duration: 1.5))
        }
        #expect(server.sound.elementsEqual(sound[..<12_000]))
        #expect(texts(events) == ["8000", "4000"])
    }

    @Test func aSourceThatFailsGetsItsLastWordsFirst() async throws {
        let server = CaptionServer()
        let heard = try await server.run { url in
            var events: [LiveEvent] = []
            let client = client(url, ListedSound(sound: sound, end: .failure))
            let error = await #expect(throws: SoundError.self) { try await client.run { events.append($0) } }
            #expect(error?.description == "the microphone is gone")
            return texts(events)
        }
        #expect(heard.last == "2000")
    }

    @Test func aWrongTokenIsToldAtOnce() async throws {
        try await CaptionServer(token: "right").run { url in
            let error = await #expect(throws: LiveError.self) {
                _ = try await collect(client(url, ListedSound(sound: sound), token: "wrong"))
            }
            #expect(error?.description.contains("check the token") == true)
        }
    }

    @Test func whereNobodyAnswersIsTold() async {
        let error = await #expect(throws: LiveError.self) {
            _ = try await collect(client("ws://127.0.0.1:1/v1/listen", ListedSound(sound: sound)))
        }
        #expect(error?.description.contains("127.0.0.1:1") == true)
    }

    @Test func whoCancelsWaitsForNothing() async throws {
        try await CaptionServer().run { url in
            let client = client(url, ListedSound(sound: sound, end: .never))
            await withTaskGroup(of: Void.self) { group in
                let (opened, continuation) = AsyncStream.makeStream(of: Void.self)
                group.addTask {
                    await #expect(throws: CancellationError.self) {
                        try await client.run { if case .final = $0 { continuation.yield() } }
                    }
                }
                for await _ in opened { break }
                group.cancelAll()
            }
        }
    }
}

/// All events of a run.
private func collect(
    _ client: LiveClient, _ watch: @Sendable (LiveEvent) -> Void = { _ in }
) async throws -> [LiveEvent] {
    var events: [LiveEvent] = []
    try await client.run { event in
        events.append(event)
        watch(event)
    }
    return events
}
