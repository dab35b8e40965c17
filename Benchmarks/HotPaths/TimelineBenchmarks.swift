import Benchmark
import Streaming

/// The sound of a session: what every frame adds and every window reads.
func registerTimeline() {
    Benchmark("timeline-append-10s") { (_, frame: [Float]) in
        // The last 5 s are kept, as while somebody speaks.
        var timeline = AudioTimeline()
        for _ in 0..<250 {
            timeline.append(frame)
            timeline.discard(before: timeline.end - 5 * Sound.rate)
        }
        blackHole(timeline)
    } setup: {
        Array(Sound.hum(seconds: 1).prefix(Sound.frame))
    }
    Benchmark("timeline-window-2s") { (_, timeline: AudioTimeline) in
        blackHole(timeline.samples(in: timeline.end - 2 * Sound.rate..<timeline.end))
    } setup: {
        var timeline = AudioTimeline()
        timeline.append(Sound.hum(seconds: 10))
        return timeline
    }
}
