/// The model that recognises or detects.
public struct ModelDescription: Sendable, Equatable, Codable {
    /// Its name, such as `base`.
    public var name: String
    /// SHA-256 of the file with its weights, as 64 hexadecimal digits: two models with one digest give the same text.
    public var digest: String
    /// How many tokens it knows, special ones included.
    public var vocabulary: Int
    /// Codes of the languages that it knows.
    public var languages: [String]

    /// Creates a description.
    public init(name: String, digest: String, vocabulary: Int, languages: [String]) {
        self.name = name
        self.digest = digest
        self.vocabulary = vocabulary
        self.languages = languages
    }
}

/// What a recogniser is.
public struct RecognizerDescription: Sendable, Equatable, Codable {
    /// The model that it writes with.
    public var model: ModelDescription
    /// What computes: `cpu`, or the name of another device.
    public var device: String
    /// Windows that are worked on at the same time; 1 or more.
    public var lanes: Int
    /// What its work costs; `nil` where nobody has measured it.
    public var costs: RecognitionCosts?

    /// Creates a description.
    public init(model: ModelDescription, device: String, lanes: Int, costs: RecognitionCosts? = nil) {
        self.model = model
        self.device = device
        self.lanes = lanes
        self.costs = costs
    }
}

/// What a detector is.
public struct DetectorDescription: Sendable, Equatable, Codable {
    /// The model that it listens with.
    public var model: ModelDescription
    /// What computes: `cpu`, or the name of another device.
    public var device: String
    /// Windows that are worked on at the same time; 1 or more.
    public var lanes: Int
    /// Where it draws the line between speech and none.
    public var thresholds: DetectorThresholds

    /// Creates a description.
    public init(model: ModelDescription, device: String, lanes: Int, thresholds: DetectorThresholds) {
        self.model = model
        self.device = device
        self.lanes = lanes
        self.thresholds = thresholds
    }
}

/// Seconds of a lane's time that the work for somebody who speaks takes on a machine that has nothing else to do.
public struct RecognitionCosts: Sendable, Equatable, Codable {
    /// A live window.
    public var window: Double
    /// The final of an utterance, for each second of its sound.
    public var finalSecond: Double

    /// Creates costs.
    public init(window: Double, finalSecond: Double) {
        self.window = window
        self.finalSecond = finalSecond
    }
}
