import Foundation

/// Sound to work on; which it is does not matter for the time.
enum Sound {
    /// Samples in a second.
    static let rate = 16_000
    /// Samples in what a client sends at a time: 40 ms.
    static let frame = 640

    /// A hum of 120 Hz at 16 kHz.
    static func hum(seconds: Double) -> [Float] {
        (0..<Int(seconds * Double(rate))).map { 0.1 * sin(Float($0) * 2 * .pi * 120 / Float(rate)) }
    }
}
