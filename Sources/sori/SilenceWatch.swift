/// Notices that nothing can be heard: a microphone that is muted or that this program must not hear, a pipe through which
/// nothing comes.
struct SilenceWatch {
    /// Seconds that are long enough to say so.
    private let patience: Double
    /// Decibels below which sound that is there never is.
    private let nothing: Float
    /// What to say when sound is silent, and when there is none.
    private let (silent, absent): (String, String?)

    private var lastSound = 0.0
    private var lastArrival = 0.0
    private var seconds = 0.0
    private var now = 0.0
    private var isTold = false

    /// For a microphone, which always brings something.
    static let microphone = SilenceWatch(
        patience: 4, nothing: -90, silent: "no sound: is the microphone muted?", absent: nil)
    /// For a pipe.
    static let pipe = SilenceWatch(
        patience: 10, nothing: -90, silent: "10 s of nothing but silence; check what is sent through the pipe",
        absent: "nothing has come through the pipe for 10 s; check the command in front of it")

    private init(patience: Double, nothing: Float, silent: String, absent: String?) {
        (self.patience, self.nothing, self.silent, self.absent) = (patience, nothing, silent, absent)
    }

    /// Notes the loudest sample of a moment.
    ///
    /// - Parameters:
    ///   - peak: in decibels; `nil` when no sound came.
    ///   - seconds: of sound so far.
    ///   - now: seconds by the clock.
    mutating func heard(_ peak: Float?, at seconds: Double, now: Double) {
        if seconds > self.seconds { lastArrival = now }
        if let peak, peak > nothing {
            lastSound = seconds
            isTold = false
        }
        (self.seconds, self.now) = (seconds, now)
    }

    /// What to tell the user.
    var hint: String? {
        if let absent, now - lastArrival >= patience { return absent }
        return seconds - lastSound >= patience ? silent : nil
    }

    /// The hint, the first time that there is one after sound was heard.
    mutating func news() -> String? {
        guard !isTold, let hint else { return nil }
        isTold = true
        return hint
    }
}
