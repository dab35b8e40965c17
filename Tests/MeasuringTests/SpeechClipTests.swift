import Measuring
import Testing

@Suite("Parts of recordings")
struct SpeechClipTests {
    /// Ten seconds with sentences at 0.5–3, 3.5–6 and 6.5–9.5 s; a sample's value tells its second.
    private let clip = SpeechClip(
        path: "long.flac", language: "en", texts: ["One. Two. Three."], split: "stream",
        sentences: [
            .init(start: 0.5, end: 3, text: "One."), .init(start: 3.5, end: 6, text: "Two."),
            .init(start: 6.5, end: 9.5, text: "Three."),
        ], samples: (0..<160_000).map { Float($0 / 16_000) })

    @Test("a long recording is cut between sentences, and each part knows what is said in it")
    func parts() {
        let parts = clip.parts(ofAtMost: 4)
        #expect(parts.map(\.texts) == [["One."], ["Two."], ["Three."]])
        #expect(parts.map(\.from) == [0, 3.25, 6.25])
        #expect(parts.map(\.seconds) == [3.25, 3, 3.75])
        #expect(parts[1].samples.first == 3 && parts[2].samples.last == 9)
        #expect(clip.parts(ofAtMost: 7).map(\.texts) == [["One. Two."], ["Three."]])
    }

    @Test("every part is found again by where it begins and how long it is")
    func found() {
        for part in clip.parts(ofAtMost: 4) {
            let again = clip.part(from: part.from, seconds: part.seconds)
            #expect(again.texts == part.texts && again.samples == part.samples)
        }
    }

    @Test("what is short, or has no sentences, stays whole; a sentence is not cut")
    func whole() {
        #expect(clip.parts(ofAtMost: 10).map(\.texts) == [["One. Two. Three."]])
        var unknown = clip
        unknown.sentences = []
        #expect(unknown.parts(ofAtMost: 4).map(\.texts) == [["One. Two. Three."]])
        #expect(clip.parts(ofAtMost: 1).map(\.texts) == [["One."], ["Two."], ["Three."]])
    }

    @Test("a part that reaches beyond the recording ends with it")
    func beyond() {
        #expect(clip.part(from: 6.25, seconds: 60).seconds == 3.75)
        #expect(clip.part(from: 20, seconds: 5).samples.isEmpty)
    }
}
