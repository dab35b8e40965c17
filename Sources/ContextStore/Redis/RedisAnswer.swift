/// What a ``RedisScript`` answers: a word, and what belongs to it.
struct RedisAnswer {
    /// One of those that ``RedisScript`` lists.
    let word: String
    /// What comes behind it.
    let parts: [RedisReply]

    /// - Throws: ``ContextStoreError/Code/refused`` when it has another form.
    init(_ reply: RedisReply, _ address: RedisAddress) throws(ContextStoreError) {
        guard case .list(let items) = reply, let word = items.first?.text else { throw .strangeAnswer(address) }
        self.word = word
        parts = Array(items.dropFirst())
    }

    /// The answer itself, unless it is one of those that are errors for everybody.
    ///
    /// - Throws: ``ContextStoreError/Code/fenced``, ``ContextStoreError/Code/foreignData``.
    func checked(_ session: String) throws(ContextStoreError) -> RedisAnswer {
        switch word {
        case "fenced": throw .fenced(session)
        case "foreign": throw .foreignData(parts.first?.text ?? session)
        default: return self
        }
    }
}

extension SessionSummary {
    /// An entry of the script `list`; `nil` if it has another form.
    init?(_ reply: RedisReply) {
        guard case .list(let parts) = reply, parts.count == 6, let session = parts[0].text,
            let fence = parts[1].number, let owner = parts[2].text, let size = parts[3].number,
            let changed = parts[4].number, let left = parts[5].number
        else { return nil }
        self.init(
            session: session, fence: Fence(fence), owner: owner, size: size, changedAt: Double(changed) / 1000,
            timeLeft: Double(max(0, left)) / 1000)
    }
}
