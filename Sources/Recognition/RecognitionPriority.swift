/// Who goes first when there is more to do than can be done at once.
public enum RecognitionPriority: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
    /// Text while somebody speaks: worth nothing when it comes late.
    case live
    /// The text of an utterance that is over.
    case final
    /// The text of an utterance that may be over: thrown away when somebody goes on.
    case guess
    /// Nobody minds a little later: long files.
    case background

    private var rank: Int {
        switch self {
        case .live: 0
        case .final: 1
        case .guess: 2
        case .background: 3
        }
    }

    /// Whether the first goes before the second.
    public static func < (first: Self, second: Self) -> Bool { first.rank < second.rank }
}
