import Benchmark
import Whisper

/// Log-mel spectra of a live window and of the longest one.
func registerMel() {
    for (seconds, positions) in [(2, 164), (30, 1500)] {
        Benchmark("mel-\(seconds)s") { (_, input: (mel: LogMel, sound: [Float])) in
            blackHole(try input.mel.window(of: input.sound, positions: positions))
        } setup: {
            (try LogMel(bands: 80), Sound.hum(seconds: Double(seconds)))
        }
    }
}
