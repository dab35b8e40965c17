/// Which build this is.
enum Version {
    /// Nothing has been released yet.
    static let current = "0.1.0-dev"
}
