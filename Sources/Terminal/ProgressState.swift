/// How far some work has come, as a value that draws itself.
public struct ProgressState: Sendable, Equatable {
    /// What is counted.
    public enum Unit: Sendable {
        /// Seconds of audio; the rate is a multiple of real time.
        case audioSeconds
        /// Bytes; the rate is bytes per second.
        case bytes
    }

    /// What the work is about, for example the file's name.
    public var label: String
    /// What ``completed`` and ``total`` count.
    public var unit: Unit
    /// How much is done.
    public var completed: Double
    /// How much there is to do in all; `nil` while that is not known.
    public var total: Double?
    /// How much was done before this run, in an earlier one that is resumed; it does not count for the rate.
    public var resumedFrom: Double
    /// Files done and files in all, shown in place of the label when there are several.
    public var files: Files?
    /// Seconds since the work began.
    public var elapsed: Double

    /// A count of files.
    public struct Files: Sendable, Equatable {
        /// How many are done.
        public var completed: Int
        /// How many there are.
        public var total: Int

        /// Creates a count of files.
        public init(completed: Int = 0, total: Int) {
            self.completed = completed
            self.total = total
        }
    }

    /// Creates a state from its parts.
    public init(
        label: String, unit: Unit, completed: Double = 0, total: Double? = nil, resumedFrom: Double = 0,
        files: Files? = nil, elapsed: Double = 0
    ) {
        self.label = label
        self.unit = unit
        self.completed = completed
        self.total = total
        self.resumedFrom = resumedFrom
        self.files = files
        self.elapsed = elapsed
    }

    /// The part that is done, 0...1, or `nil` while the total is not known.
    public var fraction: Double? {
        guard let total, total > 0 else { return nil }
        return min(max(completed / total, 0), 1)
    }

    /// Units per second in this run, or `nil` before there is enough to tell.
    public var rate: Double? {
        guard elapsed >= 0.5, completed > resumedFrom else { return nil }
        return (completed - resumedFrom) / elapsed
    }

    /// Seconds until the end at this ``rate``.
    public var remaining: Double? {
        guard let rate, let total, completed < total else { return nil }
        return (total - completed) / rate
    }
}
