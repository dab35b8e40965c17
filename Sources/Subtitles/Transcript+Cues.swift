package import WhisperText

extension Transcript {
    /// The transcript as subtitles that can be read: its words, which it must have, cut anew.
    package func cut(_ style: CueStyle) -> Transcript {
        let cutter = CueCutter(style: style)
        var cues: [Segment] = []
        var run: [Segment] = []
        func close(before limit: Double) {
            if let first = run.first {
                let words = run.flatMap { $0.words ?? [] }
                cues += cutter.cues(of: words, language: first.language ?? language, limit: limit)
            }
            run = []
        }
        for segment in segments {
            if segment.words?.isEmpty != false {
                close(before: segment.start)
                var whole = segment
                whole.text = cutter.wrapped(segment.text)
                cues.append(whole)
                continue
            }
            if let last = run.last, last.language != segment.language { close(before: segment.start) }
            run.append(segment)
        }
        close(before: duration)
        var cut = self
        cut.segments = cues
        return cut
    }
}
