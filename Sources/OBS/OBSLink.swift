/// One connection to OBS, as a value: what it says goes in, what it is sent comes out.
///
/// Of several texts for the source only the newest is sent, and none before OBS has answered the one before: a slow OBS is
/// never flooded.
package struct OBSLink: Sendable {
    /// What may be told to people, each once until it is over.
    package enum Remark: Sendable, Equatable {
        /// Captions are shown from now on, or again.
        case connected
        /// There is no such source.
        case sourceMissing(String)
        /// OBS does not stream, so captions cannot go with the stream.
        case notStreaming
        /// OBS does not do what it was asked for.
        case refused(String)

        /// What is wrong and what to do, in one line; for ``connected`` that nothing is.
        package var text: String {
            switch self {
            case .connected: "OBS shows captions"
            case .sourceMissing(let name):
                "OBS has no source '\(name)'; add a text source of that name, or name another one"
            case .notStreaming: "OBS does not stream now; captions go with the stream once it does"
            case .refused(let reason): "OBS did not do it: \(reason)"
            }
        }
    }

    private let password: String?
    private let source: String?
    private let sendsCaptions: Bool
    private var isReady = false
    private var count = 0
    /// The request for the source that OBS has not answered.
    private var outstanding: String?
    /// What the source shows, as far as OBS was told.
    private var shown: String?
    private var captionIDs: Set<String> = []
    private var told: Remark?
    private var toldOfStream = false

    /// - Parameters:
    ///   - password: `nil` for none.
    ///   - source: name of the text source that shows captions; `nil` for none.
    ///   - sendsCaptions: whether captions go with the stream.
    package init(password: String?, source: String?, sendsCaptions: Bool) {
        self.password = password
        self.source = source
        self.sendsCaptions = sendsCaptions
    }

    /// Takes in what OBS says.
    ///
    /// - Returns: what it is answered, and what people are told.
    package mutating func receive(_ text: String) throws(OBSError) -> (reply: String?, remark: Remark?) {
        guard let message = OBSMessage(text) else {
            throw OBSError(.notOBS, "what answers is not OBS; check the address and Tools → WebSocket Server Settings")
        }
        switch message {
        case .hello(let challenge):
            if challenge != nil, password == nil {
                throw OBSError(.passwordMissing, "OBS wants a password; give it as SORI_OBS_PASSWORD")
            }
            let proof = challenge.flatMap { challenge in password.map(challenge.proof) }
            return (OBSRequest.identify(proof), nil)
        case .identified:
            isReady = true
            return (nil, .connected)
        case .response(let id, let status): return (nil, answered(id, status))
        case .other: return (nil, nil)
        }
    }

    /// What is to be sent now, for a text that the source has to show and captions for the stream.
    package mutating func update(text: String, captions: [String]) -> [String] {
        guard isReady else { return [] }
        var messages: [String] = []
        if let source, outstanding == nil, text != shown {
            shown = text
            let id = nextID()
            outstanding = id
            messages.append(OBSRequest.showText(text, source: source).text(id: id))
        }
        if sendsCaptions {
            for caption in captions {
                let id = nextID()
                captionIDs.insert(id)
                messages.append(OBSRequest.sendCaption(caption).text(id: id))
            }
        }
        return messages
    }

    private mutating func answered(_ id: String, _ status: OBSMessage.Status) -> Remark? {
        if captionIDs.remove(id) != nil { return answeredCaption(status) }
        guard id == outstanding else { return nil }
        outstanding = nil
        guard !status.result else {
            defer { told = nil }
            return told == nil ? nil : .connected
        }
        let remark =
            status.code == OBSMessage.Status.notFound
            ? Remark.sourceMissing(source ?? "") : .refused(status.comment ?? "code \(status.code)")
        defer { told = remark }
        return remark == told ? nil : remark
    }

    private mutating func answeredCaption(_ status: OBSMessage.Status) -> Remark? {
        guard !status.result else {
            defer { toldOfStream = false }
            return toldOfStream ? .connected : nil
        }
        defer { toldOfStream = true }
        guard !toldOfStream else { return nil }
        return status.code == OBSMessage.Status.notRunning
            ? .notStreaming : .refused(status.comment ?? "code \(status.code)")
    }

    private mutating func nextID() -> String {
        count += 1
        return "\(count)"
    }
}
