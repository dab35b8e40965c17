/// The ways in which a model file fails, worded once.
extension WhisperError {
    /// The file ends too early. `missing` is how many more bytes are certainly needed.
    package static func cutShort(_ path: String, missing: Int, in part: String) -> WhisperError {
        WhisperError(
            .badModel, "\(path) is cut short: at least \(missing) bytes are missing in \(part); pull the model again")
    }

    /// The file says something that cannot be true of a model.
    package static func damaged(_ path: String, _ what: String, cause: (any Error)? = nil) -> WhisperError {
        WhisperError(.badModel, "\(path) is damaged: \(what); pull the model again", cause: cause)
    }

    /// The file may be sound, but is of a kind that is not read here.
    package static func unsupported(_ path: String, _ what: String, supported: String) -> WhisperError {
        WhisperError(.unsupportedModel, "\(path) cannot be used: \(what); convert it to a model with \(supported)")
    }
}
