/// Who goes first when there is more to do than can be done at once.
public enum RecognitionPriority: String, Sendable, Hashable, Codable, CaseIterable {
    /// Text while somebody speaks: worth nothing when it comes late.
    case live
    /// The text of an utterance that is over.
    case final
    /// The text of an utterance that may be over. It goes with finals: it is one when nobody goes on.
    case guess
    /// Nobody minds a little later: long files.
    case background

    /// The lower goes first; equals in the order in which they came.
    public var rank: Int {
        switch self {
        case .live: 0
        case .final, .guess: 1
        case .background: 2
        }
    }
}
