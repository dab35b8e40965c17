/// What the work on a window was spent on, in seconds.
public struct WindowTimes: Sendable, Equatable, Codable {
    /// From sound to the encoder's output, features included.
    public var encode: Double
    /// What stands before the text: hints, earlier text, settled text, and a guess at what comes.
    public var prompt: Double
    /// The text, token by token, and the times of its words.
    public var decode: Double

    /// Creates the times of a window.
    public init(encode: Double, prompt: Double, decode: Double) {
        self.encode = encode
        self.prompt = prompt
        self.decode = decode
    }
}
