/// A metric that a program has, whatever its labels.
public struct MetricDescription: Sendable, Equatable {
    /// What Prometheus calls it.
    public enum Kind: String, Sendable {
        case counter, gauge, histogram
    }

    /// Its name, with its unit, such as `sori_audio_seconds_total`.
    public let name: String
    /// What it is.
    public let kind: Kind
    /// One line for people.
    public let help: String
    /// Names of its labels.
    public let labels: [String]
    /// Upper bounds of a histogram's buckets, rising, in the metric's unit.
    public let buckets: [Double]

    /// Creates a description.
    public init(_ name: String, _ kind: Kind, _ help: String, labels: [String] = [], buckets: [Double] = []) {
        self.name = name
        self.kind = kind
        self.help = help
        self.labels = labels
        self.buckets = buckets
    }
}
