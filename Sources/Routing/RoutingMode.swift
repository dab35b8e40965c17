/// Which recognisers windows go to.
package enum RoutingMode: String, Sendable, Codable, CaseIterable {
    /// GPUs first, processors when all GPUs are busy or gone.
    case auto
    /// Processors only.
    case cpu
    /// GPUs only.
    case gpu
}
