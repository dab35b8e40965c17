/// Ends of what was said that come from outside of the sound: from a client that asks for the last words, or sends nothing.
extension CaptionSession {
    /// A sample at which the sound is ended while the session goes on.
    struct Boundary: Sendable, Equatable, Codable {
        let position: Int
        /// Number of the first utterance after it, once all before it are over.
        var next: Int?
    }

    /// What was said so far becomes final now; the session goes on, and ``CaptionEvent/flushed(at:)`` tells when that is done.
    ///
    /// The place counts, not the time: the same sound with the same places gives the same transcript.
    package mutating func flush() {
        guard !isFinishing else { return }
        if let last = boundaries.last, last.position >= timeline.end {
            // The session was restored from a checkpoint and knows this flush already.
            boundaries.append(last)
        } else {
            boundaries.append(Boundary(position: timeline.end))
        }
        advance()
    }

    /// Whether something is heard that is not over.
    package var isOpen: Bool { current != nil || gate.isUndecided }

    /// Looks at the sound up to each boundary, and ends there what is open.
    mutating func hearSound() {
        while true {
            let index = boundaries.firstIndex { $0.next == nil }
            if let event = gate.next(in: timeline, until: index.map { boundaries[$0].position } ?? .max) {
                handle(event)
            } else if let index, let event = gate.flush(at: boundaries[index].position) {
                handle(event)
            } else if let index, !gate.isUndecided {
                boundaries[index].next = utterances
            } else {
                return
            }
        }
    }

    /// Tells the boundaries before which all text is final.
    mutating func tellFlushed() {
        while let first = boundaries.first, let next = first.next, ended.first?.number ?? .max >= next {
            boundaries.removeFirst()
            if first.position > acknowledged { acknowledge(until: first.position) }
            tell(.flushed(at: first.position))
        }
    }
}
