import Audio
import Testing

@Suite struct PCMTests {
    @Test func sixteenBitsSpanFullScale() throws {
        let pcm = try PCM([0x00, 0x80, 0xFF, 0x7F, 0x00, 0x00, 0x00, 0x40, 0xFF, 0xFF], encoding: .signed16)
        #expect(pcm.samples == [-1, 32767 / 32768, 0, 0.5, -1 / 32768])
        #expect(pcm.notFiniteCount == 0)
    }

    @Test func floatsThatAreNoNumbersBecomeSilence() throws {
        let values: [Float] = [0.25, .nan, -1, .infinity, -.infinity, 1.5]
        let bytes = values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) } }
        let pcm = try PCM(bytes, encoding: .float32)
        #expect(pcm.samples == [0.25, 0, -1, 0, 0, 1.5])
        #expect(pcm.notFiniteCount == 3)
    }

    @Test func everyMuLawCodeIsReadAsLibsndfileReadsIt() throws {
        let directory = try TemporaryDirectory()
        let codes = (0...255).map(UInt8.init)
        let path = try directory.sound("codes.wav", encoded: codes, format: Format.muLawWav)
        let samples = try PCM(codes, encoding: .muLaw).samples
        #expect(try AudioFile.read(path).samples == samples)
        #expect(samples.max() == Float(8031) / 8192)
        #expect(samples[0xFF] == 0)
    }

    @Test(arguments: [(PCMEncoding.signed16, 3), (.float32, 2), (.float32, 7)])
    func halfASampleIsAnError(encoding: PCMEncoding, count: Int) throws {
        let error = try #require(throws: AudioError.self) {
            try PCM([UInt8](repeating: 0, count: count), encoding: encoding)
        }
        #expect(error.code == .incompleteSample)
        #expect(error.message.contains("multiple of \(encoding.bytesPerSample) bytes"))
    }

    @Test(arguments: PCMEncoding.allCases)
    func noBytesAreNoSamples(encoding: PCMEncoding) throws {
        #expect(try PCM([], encoding: encoding).samples == [])
    }

    @Test func encodingsHaveTheNamesOfTheProtocol() {
        #expect(PCMEncoding.allCases.map(\.rawValue) == ["pcm_s16le", "pcm_f32le", "pcm_mulaw"])
    }
}
