public import WhisperText

/// A Whisper model that is loaded on a device. Any number of lanes may share it.
public final class Model: Sendable {
    /// Where it was loaded from.
    public let path: String
    /// Its sizes.
    public let dimensions: Dimensions
    /// Text to tokens and back.
    public let tokenizer: Tokenizer
    /// The device that holds the weights.
    public let device: Device
    /// How the weights are stored there.
    public let plan: WeightPlan
    let file: ModelFile
    let weights: Weights

    /// Loads a model.
    ///
    /// - Parameters:
    ///   - path: a CTranslate2 directory or a whisper.cpp `ggml-*.bin` file.
    ///   - device: where to compute; ``Device/select(_:)`` finds one.
    ///   - plan: how to store the weights; by default what is fastest on the device.
    /// - Throws: ``WhisperError`` when the file is damaged or foreign, or the device lacks memory.
    public init(path: String, device: Device, plan: WeightPlan? = nil) throws {
        let file = try ModelFile.open(path)
        self.path = path
        self.device = device
        self.plan = plan ?? .recommended(for: device)
        self.file = file
        dimensions = file.dimensions
        tokenizer = Tokenizer(file.vocabulary)
        weights = try Weights(file, device: device, plan: self.plan)
        file.discardPages()
    }

    /// The file that holds the weights.
    public var weightsPath: String { file.path }

    /// Bytes that the weights take on the device.
    public var weightBytes: Int {
        weights.bytes
    }
}
