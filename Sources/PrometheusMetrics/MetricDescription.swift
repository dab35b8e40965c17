/// A metric that a program has, whatever its labels.
public struct MetricDescription: Sendable, Equatable {
    /// What Prometheus calls it.
    public enum Kind: String, Sendable {
        case counter, gauge, histogram
    }

    /// A label, and all that it may say: so there are never more series than the descriptions allow.
    public struct Label: Sendable, Equatable {
        /// Its name.
        public let name: String
        /// What it may say; anything else is counted as ``other``.
        public let values: [String]

        /// Creates a label.
        public init(_ name: String, _ values: [String]) {
            self.name = name
            self.values = values
        }

        /// What is counted for a value that is not among those described.
        public static let other = "other"
    }

    /// Its name, with its unit, such as `sori_audio_seconds_total`.
    public let name: String
    /// What it is.
    public let kind: Kind
    /// One line for people.
    public let help: String
    /// Its labels, in the order in which they are given.
    public let labels: [Label]
    /// Upper bounds of a histogram's buckets, rising, in the metric's unit.
    public let buckets: [Double]
    /// Whether a counter is there with 0 for all its labels from the beginning: Prometheus sees no increase in a series that appears
    /// with its first event.
    public let startsAtZero: Bool

    /// Creates a description.
    ///
    /// - Parameter startsAtZero: see ``startsAtZero``; counters with one label or none, where nothing is said.
    public init(
        _ name: String, _ kind: Kind, _ help: String, labels: [Label] = [], buckets: [Double] = [],
        startsAtZero: Bool? = nil
    ) {
        self.startsAtZero = startsAtZero ?? (kind == .counter && labels.count <= 1)
        self.name = name
        self.kind = kind
        self.help = help
        self.labels = labels
        self.buckets = buckets
    }

    /// All that its labels may say together.
    var dimensions: [[(String, String)]] {
        labels.reduce([[]]) { all, label in
            all.flatMap { before in label.values.map { before + [(label.name, $0)] } }
        }
    }

    /// How many series there may be; each label may also say ``Label/other``.
    public var mostSeries: Int { labels.map { $0.values.count + 1 }.reduce(1, *) }
}
