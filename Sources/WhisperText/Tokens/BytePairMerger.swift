internal import HeapModule

/// Splits a word into tokens by byte pair encoding, from the order of the vocabulary alone.
///
/// The word starts as single bytes; the adjacent pair whose concatenation is the token with the lowest id is joined,
/// the leftmost first, until no pair is a token. Whisper's ids are in the order in which its merges were learnt, so
/// this gives what a list of merges gives. A heap of pairs keeps the time at O(n log n) for words of any length.
struct BytePairMerger {
    private let table: TokenTable
    // Parts of the word are known by the offset of their first byte. The arrays are kept between words.
    private var next: [Int] = []
    private var previous: [Int] = []
    /// Id of the token that a part and the one after it would make, -1 for none.
    private var pairs: [Int] = []
    private var heap = Heap<UInt64>()

    init(table: TokenTable) {
        self.table = table
    }

    /// Appends the tokens of `word` to `tokens`. A byte that is no token of the vocabulary is left out.
    mutating func encode(_ word: [UInt8], into tokens: inout [Int]) {
        if let token = table.id(of: word, in: 0..<word.count) {
            tokens.append(token)
            return
        }
        split(word)
        mergePairs(of: word)
        var start = 0
        while start < word.count {
            if let token = table.id(of: word, in: start..<next[start]) { tokens.append(token) }
            start = next[start]
        }
    }

    private mutating func split(_ word: [UInt8]) {
        next.removeAll(keepingCapacity: true)
        previous.removeAll(keepingCapacity: true)
        pairs.removeAll(keepingCapacity: true)
        for offset in word.indices {
            next.append(offset + 1)
            previous.append(offset - 1)
            pairs.append(-1)
        }
        for offset in word.indices {
            findPair(at: offset, of: word)
        }
    }

    private mutating func mergePairs(of word: [UInt8]) {
        while let candidate = heap.popMin() {
            let left = Int(candidate & 0xffff_ffff)
            // A pair is out of date when one of its parts has been merged since.
            guard pairs[left] == Int(candidate >> 32) else { continue }
            let right = next[left]
            next[left] = next[right]
            if next[right] < word.count { previous[next[right]] = left }
            pairs[right] = -1
            findPair(at: left, of: word)
            if previous[left] >= 0 { findPair(at: previous[left], of: word) }
        }
    }

    /// Notes which token the part at `offset` makes with the part after it.
    private mutating func findPair(at offset: Int, of word: [UInt8]) {
        pairs[offset] = -1
        guard next[offset] < word.count,
            let token = table.id(of: word, in: offset..<next[next[offset]])
        else { return }
        pairs[offset] = token
        heap.insert(UInt64(token) << 32 | UInt64(offset))
    }
}
