/// What happens while a model is pulled, for a progress bar and a log.
public enum PullEvent: Sendable, Hashable {
    /// The model is whole on this machine: nothing is fetched.
    case alreadyThere
    /// Fetching begins, from this source: `hub Systran/faster-whisper-base`.
    case source(String)
    /// More of the model is here: `done` bytes of `total`, counting what an earlier pull had left.
    case progress(file: String, done: Int, total: Int)
    /// The connection was lost for this reason; it is tried again after this many seconds.
    case retrying(reason: String, seconds: Double)
    /// The hub failed for this reason; the Python packages are used.
    case fallback(reason: String)
}
