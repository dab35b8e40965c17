import Foundation

/// A sine of so many samples.
func sine(_ frequency: Double, rate: Double, count: Int, amplitude: Float = 0.5) -> [Float] {
    (0..<count).map { amplitude * Float(sin(2 * .pi * frequency * Double($0) / rate)) }
}

/// Something like a voice at 16 kHz: a gliding tone with overtones that swells and fades four times a second.
func voice(seconds: Double, rate: Double = 16_000) -> [Float] {
    (0..<Int(seconds * rate)).map { index in
        let time = Double(index) / rate
        let phase = 2 * .pi * (150 * time + 20 * time * time)
        let tone = sin(phase) + 0.5 * sin(2 * phase) + 0.3 * sin(5 * phase) + 0.1 * sin(9 * phase)
        return Float(0.3 * tone * pow(sin(4 * .pi * time), 2))
    }
}

/// How well one frequency explains a signal.
struct ToneFit {
    /// Amplitude of the sine that fits best.
    let amplitude: Double
    /// What remains without that sine, in decibels below it.
    let purity: Double

    /// Fits a sine to a signal, leaving out a tenth at either end, where filters settle.
    init(_ samples: [Float], frequency: Double, rate: Double = 16_000) {
        let middle = samples.dropFirst(samples.count / 10).dropLast(samples.count / 10)
        // Normal equations of least squares for a·sin + b·cos.
        var ss = 0.0, cc = 0.0, sc = 0.0, sx = 0.0, cx = 0.0, xx = 0.0
        for (index, sample) in zip(middle.indices, middle) {
            let angle = 2 * .pi * frequency * Double(index) / rate
            let (s, c, x) = (sin(angle), cos(angle), Double(sample))
            ss += s * s
            cc += c * c
            sc += s * c
            sx += s * x
            cx += c * x
            xx += x * x
        }
        let determinant = ss * cc - sc * sc
        let a = (sx * cc - cx * sc) / determinant
        let b = (cx * ss - sx * sc) / determinant
        amplitude = (a * a + b * b).squareRoot()
        let explained = a * sx + b * cx
        purity = 10 * log10(explained / max(xx - explained, 1e-20))
    }
}

/// Greatest normalised correlation of two signals within so many samples of shift: 1 when they are alike.
func likeness(_ a: [Float], _ b: [Float], shift: Int = 0) -> Double {
    let energy = [a, b].map { $0.reduce(0.0) { $0 + Double($1) * Double($1) } }
    guard energy[0] > 0, energy[1] > 0 else { return 0 }
    return (-shift...shift).map { lag in
        let products = a.indices.lazy.map { index in
            b.indices.contains(index + lag) ? Double(a[index]) * Double(b[index + lag]) : 0
        }
        return products.reduce(0, +) / (energy[0] * energy[1]).squareRoot()
    }.max() ?? 0
}
