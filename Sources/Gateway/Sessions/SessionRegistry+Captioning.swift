internal import Locks
internal import Streaming

/// How sound becomes captions in sessions that begin from now on; those that are open stay as they are.
extension SessionRegistry {
    struct Captioning: Sendable, Equatable {
        var settings: CaptionSettings
        /// Whether a detector tells speech from other sound.
        var usesDetector = true
    }

    /// What an administrator has chosen, or the server's settings.
    var captioning: Captioning { chosen.withLock(\.self) }

    /// Changes it in one go, as two administrators may do so at once; what throws changes nothing.
    func change<Failure: Error>(_ body: (inout Captioning) throws(Failure) -> Void) throws(Failure) {
        try chosen.withLock { (chosen) throws(Failure) in
            var changed = chosen
            try body(&changed)
            chosen = changed
        }
        ground.withLock { ground in
            guard let (engine, _) = ground else { return }
            ground = (engine, requests(with: engine))
        }
    }

    func requests(with engine: SpeechEngine) -> RequestedSettings {
        RequestedSettings(standard: captioning.settings, limits: limits, tokenizer: engine.tokenizer)
    }
}
