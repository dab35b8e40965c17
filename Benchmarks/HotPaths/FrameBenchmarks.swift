import Benchmark
import NIOCore
import WebSockets

/// A second of 16-bit sound in masked frames of 40 ms, as a client sends it.
func registerFrames() {
    let limit = 1 << 20
    Benchmark("frames-read-1s") { (_, frames: [ByteBuffer]) in
        var reader = FrameReader(role: .server, maxFrameSize: limit, maxMessageSize: limit)
        for frame in frames {
            reader.receive(frame)
            while let event = reader.next() { blackHole(event) }
        }
    } setup: {
        let writer = FrameWriter(role: .client, maxFrameSize: limit)
        let sound = ByteBuffer(bytes: (0..<2 * Sound.frame).map { UInt8(truncatingIfNeeded: $0 &* 37) })
        return (0..<25).map { _ in writer.message(.binary(sound)) }
    }
    Benchmark("frames-write-1s") { (_, sound: ByteBuffer) in
        let writer = FrameWriter(role: .client, maxFrameSize: limit)
        for _ in 0..<25 { blackHole(writer.message(.binary(sound))) }
    } setup: {
        ByteBuffer(bytes: (0..<2 * Sound.frame).map { UInt8(truncatingIfNeeded: $0 &* 37) })
    }
}
