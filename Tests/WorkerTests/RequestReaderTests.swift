import Recognition
import SoriProtocol
import Testing
import WhisperText
import Worker

@Suite("Requests to a worker")
struct RequestReaderTests {
    private let twoSamples: [UInt8] = [0, 0, 0xFF, 0x7F]

    @Test("a head and its sound make a request; what is absent has its default")
    func request() throws {
        var reader = RequestReader(.recognition)
        #expect(try reader.text(#"{"type":"recognize","id":7,"options":{"language":"ko"},"prefix":[5]}"#) == nil)
        guard case .recognize(7, let request) = try reader.binary(twoSamples) else {
            Issue.record("no request")
            return
        }
        #expect(request.samples == [0, 1] && request.options.language == "ko" && request.prefix == [5])
        #expect(request.priority == .live && request.options.beams == 1)
    }

    @Test("a detector is asked in the same way")
    func question() throws {
        var reader = RequestReader(.detection)
        #expect(try reader.text(#"{"type":"detect","id":1,"encoding":"pcm_f32le","language":"ja"}"#) == nil)
        guard case .detect(1, let request) = try reader.binary([0, 0, 0, 0x3F]) else {
            Issue.record("no question")
            return
        }
        #expect(request == DetectionRequest(samples: [0.5], language: "ja"))
    }

    @Test(
        "frames that break the protocol are told in one line",
        arguments: [
            ("{}", "'type' is missing; add it"), ("hello", "must be one JSON object"),
            (#"{"type":"guess","id":1}"#, "'type' must be one of 'recognize', 'detect', 'cancel'"),
            (#"{"type":"recognize"}"#, "'id' is missing"),
            (#"{"type":"recognize","id":-1}"#, "'id' must be a whole number, 0 or more"),
            (#"{"type":"recognize","id":1,"options":{"beams":"many"}}"#, "'options.beams' must be a whole number"),
            (#"{"type":"recognize","id":1,"encoding":"mp3"}"#, "'encoding' must be one of"),
            (#"{"type":"detect","id":1}"#, "send 'detect' to a detector's /v1/detect"),
        ])
    func faults(text: String, says: String) {
        var reader = RequestReader(.recognition)
        let error = #expect(throws: MessageError.self) { try reader.text(text) }
        #expect(error?.message.contains(says) == true, "\(error?.message ?? "")")
    }

    @Test("frames in the wrong order are faults, and half a sample is an error of that request alone")
    func order() throws {
        var reader = RequestReader(.recognition)
        #expect(throws: MessageError.self) { try reader.binary(twoSamples) }
        _ = try reader.text(#"{"type":"recognize","id":1}"#)
        #expect(throws: MessageError.self) { try reader.text(#"{"type":"recognize","id":2}"#) }
        guard case .cancel(9) = try reader.text(#"{"type":"cancel","id":9}"#) else {
            Issue.record("no cancel")
            return
        }
        guard case .reply(.error(let failure)) = try reader.binary([1, 2, 3]) else {
            Issue.record("no error")
            return
        }
        #expect(failure.id == 1 && failure.code == .badInput)
        _ = try reader.text(#"{"type":"recognize","id":3}"#)
        guard case .recognize(3, _) = try reader.binary(twoSamples) else {
            Issue.record("the connection should go on")
            return
        }
    }

    @Test("a place beyond all sound is refused before anything is reckoned with it", arguments: [Int.max, -1])
    func farPlace(start: Int) throws {
        var reader = RequestReader(.recognition)
        for newFrom in start < 0 ? [""] : ["", #","newFrom":\#(start)"#] {
            _ = try reader.text(#"{"type":"recognize","id":1,"place":{"stream":"s","start":\#(start)}\#(newFrom)}"#)
            guard case .reply(.error(let failure)) = try reader.binary(twoSamples) else {
                Issue.record("it was taken")
                return
            }
            #expect(failure.code == .badInput && failure.message.contains("'place'"))
        }
    }

    @Test("sound that is not here is asked for, under the same number")
    func missing() throws {
        var reader = RequestReader(.recognition)
        let head = #"{"type":"recognize","id":4,"place":{"stream":"s","start":10},"newFrom":12}"#
        _ = try reader.text(head)
        guard case .reply(.soundMissing(let reply)) = try reader.binary(twoSamples) else {
            Issue.record("nothing is missing")
            return
        }
        #expect(reply.id == 4)
        _ = try reader.text(#"{"type":"recognize","id":4,"place":{"stream":"s","start":10}}"#)
        guard case .recognize(4, let whole) = try reader.binary(twoSamples) else {
            Issue.record("no request")
            return
        }
        #expect(whole.samples == [0, 1])
        _ = try reader.text(head)
        guard case .recognize(4, let longer) = try reader.binary(twoSamples) else {
            Issue.record("no request")
            return
        }
        #expect(longer.samples == [0, 1, 0, 1])
    }
}
