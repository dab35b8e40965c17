import Recognition
import Testing
import Worker

@Suite("Sound that a worker has already")
struct SoundCacheTests {
    private let sound = (0..<1000).map { Float($0) }

    @Test("windows that share sound are put together, and are what they would be whole")
    func windows() {
        var cache = SoundCache()
        let first = SoundPlace(stream: "a", start: 0)
        #expect(cache.complete(first, new: Array(sound[0..<100]), newFrom: nil) == Array(sound[0..<100]))
        // Grows, then begins later, then both.
        #expect(cache.complete(first, new: Array(sound[100..<150]), newFrom: 100) == Array(sound[0..<150]))
        let later = SoundPlace(stream: "a", start: 50)
        #expect(cache.complete(later, new: Array(sound[150..<200]), newFrom: 150) == Array(sound[50..<200]))
        #expect(cache.complete(later, new: [], newFrom: 200) == Array(sound[50..<200]))
    }

    @Test("what is not there is missing, and never something else")
    func missing() {
        var cache = SoundCache()
        let place = SoundPlace(stream: "a", start: 50)
        #expect(cache.complete(place, new: [1], newFrom: 60) == nil)
        #expect(cache.complete(place, new: Array(sound[50..<100]), newFrom: nil) != nil)
        let absent: [(SoundPlace, Int)] = [
            (SoundPlace(stream: "b", start: 50), 60), (SoundPlace(stream: "a", start: 49), 60),
            (SoundPlace(stream: "a", start: 50), 101), (SoundPlace(stream: "a", start: 70), 60),
        ]
        for (place, newFrom) in absent { #expect(cache.complete(place, new: [1], newFrom: newFrom) == nil) }
        #expect(cache.complete(nil, new: [1], newFrom: 1) == nil)
        #expect(cache.complete(nil, new: [1], newFrom: nil) == [1])
    }

    @Test("the streams that were not used for longest are forgotten first")
    func bound() {
        var cache = SoundCache(capacity: 8250)
        for name in ["a", "b"] {
            _ = cache.complete(.init(stream: name, start: 0), new: Array(sound[0..<100]), newFrom: nil)
        }
        _ = cache.complete(.init(stream: "a", start: 0), new: [], newFrom: 100)
        _ = cache.complete(.init(stream: "c", start: 0), new: Array(sound[0..<100]), newFrom: nil)
        #expect(cache.complete(.init(stream: "b", start: 0), new: [], newFrom: 100) == nil)
        #expect(cache.complete(.init(stream: "a", start: 0), new: [], newFrom: 100) == Array(sound[0..<100]))
    }

    @Test("streams without sound count too")
    func empty() {
        var cache = SoundCache(capacity: 8000)
        for name in ["a", "b", "c"] { _ = cache.complete(.init(stream: name, start: 0), new: [], newFrom: nil) }
        #expect(cache.complete(.init(stream: "a", start: 0), new: [], newFrom: 0) == nil)
        #expect(cache.complete(.init(stream: "c", start: 0), new: [], newFrom: 0) == [])
    }
}
