import Testing
import Whisper
import WhisperText

/// Several sequences over several windows in one network, with small random weights.
///
/// The network keeps its memory in 16 bits, and products of different sizes are summed in different orders: equal
/// probabilities differ by about 1e-6 here.
@Suite("Network")
struct NetworkTests {
    private static let model = Result { try SyntheticModel.small.load() }
    private let synthetic = SyntheticModel.small
    private let model: Model
    private let network: Network
    private let tolerance: Float = 2e-5

    init() throws {
        model = try Self.model.get()
        network = try Network(model: model, threads: 1)
    }

    /// What a network that does nothing else finds.
    private func alone(_ tokens: [Int], positions: Int, seed: UInt64) throws -> [Float] {
        let network = try Network(model: model, threads: 1)
        let audio = try network.encode(synthetic.window(positions: positions, seed: seed))
        return try network.next(after: tokens, listeningTo: audio)
    }

    @Test(
        "sequences over windows of different lengths give what each gives alone",
        arguments: [[30, 77, 50], [200, 1], [17, 200, 200, 33], [5, 5, 5]])
    func batch(lengths: [Int]) throws {
        var sequences: [TokenSequence] = []
        var row = 0
        for (index, positions) in lengths.enumerated() {
            let audio = try network.encode(synthetic.window(positions: positions, seed: UInt64(index)), at: row)
            #expect(audio == row..<row + positions)
            sequences.append(TokenSequence(audio: audio))
            row = audio.upperBound
        }
        let texts = lengths.indices.map { synthetic.tokens(3 * $0 + 1, seed: UInt64($0)) }
        let step = try network.step(texts, to: &sequences)
        let first = lengths.indices.map { step.next(of: $0) }
        let second = try network.step(texts.map { [$0[0]] }, to: &sequences)
        for (index, positions) in lengths.enumerated() {
            let text = texts[index]
            let expected = try alone(text, positions: positions, seed: UInt64(index))
            #expect(largestDifference(first[index], expected) < tolerance)
            let longer = try alone(text + [text[0]], positions: positions, seed: UInt64(index))
            #expect(largestDifference(second.next(of: index), longer) < tolerance)
        }
    }

    @Test("the sound makes a difference, and so does every token")
    func sensitivity() throws {
        let tokens = synthetic.tokens(4)
        let expected = try alone(tokens, positions: 40, seed: 1)
        #expect(try largestDifference(alone(tokens, positions: 40, seed: 2), expected) > 100 * tolerance)
        #expect(try largestDifference(alone(tokens, positions: 20, seed: 1), expected) > 100 * tolerance)
        for index in tokens.indices {
            var other = tokens
            other[index] = (other[index] + 1) % 700
            #expect(try largestDifference(alone(other, positions: 40, seed: 1), expected) > 10 * tolerance)
        }
    }

    @Test("tokens one by one give what they give all at once", arguments: [1, 2, 7, 8, 9, 13, 33, 64])
    func oneByOne(count: Int) throws {
        let tokens = synthetic.tokens(count)
        let audio = try network.encode(synthetic.window(positions: 60))
        let together = try network.next(after: tokens, listeningTo: audio)
        network.forgetRows()
        var sequences = [TokenSequence(audio: audio)]
        var single: [Float] = []
        for token in tokens { single = try network.step([[token]], to: &sequences).next(of: 0) }
        #expect(largestDifference(single, together) < tolerance)
        #expect(sequences[0].rows.count == count)
        #expect(network.usedRows == count)
    }

    @Test("a copy goes its own way and leaves the other alone")
    func copies() throws {
        let audio = try network.encode(synthetic.window(positions: 60))
        let past = synthetic.tokens(10)
        network.forgetRows()
        var first = [TokenSequence(audio: audio)]
        _ = try network.step([past], to: &first)
        var beams = [first[0], first[0], first[0]]
        _ = try network.step([[5], [6], [7]], to: &beams)
        // The middle one ends; the first goes on in two ways.
        var next = [beams[0], beams[2], beams[0]]
        let step = try network.step([[8], [9], [10]], to: &next)
        for (index, tokens) in [[5, 8], [7, 9], [5, 10]].enumerated() {
            let expected = try alone(past + tokens, positions: 60, seed: 1)
            #expect(largestDifference(step.next(of: index), expected) < tolerance)
        }
    }

    @Test("going back to the prompt forgets what came after it")
    func forgetting() throws {
        let audio = try network.encode(synthetic.window(positions: 60))
        network.forgetRows()
        let prompt = synthetic.tokens(6)
        var sequences = [TokenSequence(audio: audio)]
        _ = try network.step([prompt], to: &sequences)
        let start = sequences[0]
        for token in 0..<5 { _ = try network.step([[token]], to: &sequences) }
        network.forgetRows(from: prompt.count)
        var again = [start]
        let step = try network.step([[99]], to: &again)
        #expect(try largestDifference(step.next(of: 0), alone(prompt + [99], positions: 60, seed: 1)) < tolerance)
    }

    @Test("windows of any length up to the longest are encoded, others are refused")
    func lengths() throws {
        for positions in [1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 31, 33, 64, 100, 199, 200] {
            let audio = try network.encode(synthetic.window(positions: positions))
            #expect(audio == 0..<positions)
            let next = try network.next(after: [1, 2, 3], listeningTo: audio)
            #expect(abs(next.reduce(0, +) - 1) < 1e-4)
        }
        for positions in [0, 201] {
            let error = #expect(throws: WhisperError.self) {
                try network.encode(synthetic.window(positions: positions))
            }
            #expect(error?.code == .badInput)
        }
    }

    @Test("what is suppressed has no probability; the start of the transcript tells about everything")
    func suppression() throws {
        let audio = try network.encode(synthetic.window(positions: 30))
        func probabilities() throws -> (next: [Float], start: [Float]) {
            network.forgetRows()
            var sequences = [TokenSequence(audio: audio)]
            let step = try network.step([[1, 2, 3]], to: &sequences, startOfTranscript: 1)
            return (step.next(of: 0), step.withStartProbabilities(of: 0) { Array($0) })
        }
        let free = try probabilities()
        network.suppress([0, 5, 699, 5_000])
        let bound = try probabilities()
        #expect(bound.next.count == 700)
        for (token, probability) in bound.next.enumerated() {
            #expect((probability == 0) == [0, 5, 699].contains(token))
        }
        #expect(abs(bound.next.reduce(0, +) - 1) < 1e-4)
        #expect(bound.start == free.start)
        #expect(try largestDifference(free.start, alone([1, 2], positions: 30, seed: 1)) < tolerance)
        network.suppress([])
        #expect(try probabilities().next == free.next)
    }

    @Test("every token attends to its own window and to nothing else")
    func attention() throws {
        var sequences = [
            TokenSequence(audio: try network.encode(synthetic.window(positions: 30, seed: 1))),
            TokenSequence(audio: try network.encode(synthetic.window(positions: 45, seed: 2), at: 30)),
        ]
        let step = try network.step([[1, 2], [3, 4, 5]], to: &sequences, attention: true)
        #expect(step.alignmentHeads == 1)
        let (columns, values) = step.attention(ofHead: 0, tokens: 0..<5)
        #expect(values.count == columns * 5)
        for token in 0..<5 {
            let row = values[token * columns..<(token + 1) * columns]
            let own = token < 2 ? 0..<30 : 30..<75
            for (position, weight) in row.enumerated() where !own.contains(position) { #expect(weight == 0) }
            #expect(abs(row.reduce(0, +) - 1) < 1e-4)
        }
    }

    @Test("a text that is too long is refused, and the network goes on")
    func tooLong() throws {
        let audio = try network.encode(synthetic.window(positions: 30))
        let error = #expect(throws: WhisperError.self) {
            try network.next(after: synthetic.tokens(65), listeningTo: audio)
        }
        #expect(error?.code == .badInput)
        #expect(error?.message.contains("64") == true)
        let next = try network.next(after: [4, 5], listeningTo: audio)
        #expect(try largestDifference(next, alone([4, 5], positions: 30, seed: 1)) < tolerance)
    }

    @Test("more texts than there is room for are refused, unless room was made")
    func tooMany() throws {
        let audio = try network.encode(synthetic.window(positions: 30))
        func decode(_ count: Int) throws {
            var sequences = (0..<count).map { _ in TokenSequence(audio: audio) }
            for token in 0..<60 { _ = try network.step(Array(repeating: [token], count: count), to: &sequences) }
        }
        network.forgetRows()
        let error = #expect(throws: WhisperError.self) { try decode(12) }
        #expect(error?.code == .badInput)
        network.forgetRows()
        try network.growSelfCache(to: 12 * 60)
        try decode(12)
    }
}
