package import Recognition
package import SoriProtocol

/// Joins the frames of one connection to requests: a head, then its sound. A value without a socket.
package struct RequestReader: Sendable {
    /// What a frame amounts to.
    package enum Event: Sendable {
        case recognize(id: Int, RecognitionRequest)
        case detect(id: Int, DetectionRequest)
        case cancel(id: Int)
        /// An answer that needs no work.
        case reply(WorkerReply)
    }

    /// What is served.
    package enum Service: Sendable {
        case recognition, detection
    }

    private let service: Service
    private let bounds: RequestBounds
    private var head: WorkerRequest?
    private var cache = SoundCache()

    package init(_ service: Service) {
        self.service = service
        // What is passed on gets the name of its connection in front.
        var bounds = RequestBounds()
        bounds.streamName = 200
        self.bounds = bounds
    }

    /// Takes a text frame.
    ///
    /// - Throws: ``MessageError`` where it breaks the protocol.
    package mutating func text(_ text: String) throws(MessageError) -> Event? {
        let message = try SoriProtocol.decode(WorkerRequest.self, from: text)
        if case .cancel(let message) = message { return .cancel(id: message.id) }
        guard head == nil else {
            throw MessageError("a binary frame with the sound of request \(head?.id ?? 0) must come first")
        }
        switch (service, message) {
        case (.recognition, .recognize), (.detection, .detect): head = message
        case (.recognition, _): throw MessageError("this is /v1/recognize; send 'detect' to a detector's /v1/detect")
        case (.detection, _): throw MessageError("this is /v1/detect; send 'recognize' to a recogniser's /v1/recognize")
        }
        return nil
    }

    /// Takes a binary frame: the sound of the request whose head came before.
    ///
    /// - Throws: ``MessageError`` where it breaks the protocol.
    package mutating func binary(_ bytes: [UInt8]) throws(MessageError) -> Event {
        guard let head, let encoding = head.encoding else {
            throw MessageError("a text frame with the head of the request must come before its sound")
        }
        self.head = nil
        guard let samples = bytes.withUnsafeBytes({ encoding.samples(of: $0) }) else {
            return .reply(.error(.init(id: head.id, code: .badInput, message: "the sound ends within a sample")))
        }
        switch head {
        case .recognize(let head):
            var request = head.request
            do throws(RecognitionError) { try bounds.check(request.place) } catch {
                return .reply(.error(.init(id: head.id, error)))
            }
            guard let whole = cache.complete(request.place, new: samples, newFrom: head.newFrom) else {
                return .reply(.soundMissing(.init(id: head.id)))
            }
            request.samples = whole
            return .recognize(id: head.id, request)
        case .detect(let head):
            return .detect(id: head.id, DetectionRequest(samples: samples, language: head.language))
        case .cancel(let message): return .cancel(id: message.id)
        }
    }
}
