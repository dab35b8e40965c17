import Recognition
import Testing
import Whisper
import WhisperRecognition

@Suite("What live windows leave")
struct KeptWindowsTests {
    private let now = ContinuousClock.now

    private func window(bytes: Int = 100) -> GrowingWindow {
        GrowingWindow(
            positions: 1, loudest: 0, encoder: KeptRows(blocks: [[UInt8](repeating: 0, count: bytes)], rowBytes: 1),
            cross: KeptRows(blocks: [], rowBytes: 1))
    }

    private func place(_ stream: String, _ start: Int = 0) -> SoundPlace { SoundPlace(stream: stream, start: start) }

    @Test("is for the next window of the stream, once")
    func once() {
        var kept = KeptWindows(bytes: 1000)
        kept.put(window(), at: place("a"), now: now)
        #expect(kept.take(place("b"), at: now) == nil)
        #expect(kept.take(place("a"), at: now) == window())
        #expect(kept.take(place("a"), at: now) == nil)
    }

    @Test("is of no use where the window begins elsewhere")
    func trimmed() {
        var kept = KeptWindows(bytes: 1000)
        kept.put(window(), at: place("a"), now: now)
        #expect(kept.take(place("a", 320), at: now) == nil)
        #expect(kept.take(place("a"), at: now) == nil)
    }

    @Test("is forgotten after a pause")
    func pause() {
        var kept = KeptWindows(bytes: 1000)
        kept.put(window(), at: place("a"), now: now)
        kept.put(window(), at: place("b"), now: now + .seconds(1))
        let later = now + KeptWindows.patience
        #expect(kept.take(place("a"), at: later) == nil)
        #expect(kept.take(place("b"), at: later) != nil)
    }

    @Test("has a bound: what was used longest ago goes")
    func bound() {
        var kept = KeptWindows(bytes: 250)
        for (index, stream) in ["a", "b", "c"].enumerated() {
            kept.put(window(), at: place(stream), now: now + .milliseconds(index))
        }
        #expect(kept.take(place("a"), at: now) == nil)
        #expect(kept.take(place("b"), at: now) != nil)
        #expect(kept.take(place("c"), at: now) != nil)
        kept.put(window(bytes: 300), at: place("d"), now: now)
        #expect(kept.take(place("d"), at: now) == nil)
    }
}
