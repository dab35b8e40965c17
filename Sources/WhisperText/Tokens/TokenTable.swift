/// Looks tokens up both ways: the bytes of an id, and the id of some bytes.
///
/// All bytes lie in one array and the index is an open-addressing hash table of ids over them, so building it for
/// Whisper's 50,257 tokens takes a few milliseconds and a look-up allocates nothing.
struct TokenTable: Sendable {
    /// Every token's bytes, one after the other.
    private let bytes: [UInt8]
    /// Where token `i` starts in `bytes`; one entry more than there are tokens.
    private let starts: [Int]
    /// Ids by hash, -1 where free. The size is a power of two and at least twice the number of tokens.
    private var slots: [Int32]
    /// Length in bytes of the longest token.
    let longest: Int

    /// Indexes tokens given in order of id. Of equal tokens the lowest id is found; empty tokens are never found.
    init(_ tokens: some Collection<[UInt8]>) {
        var starts = [0]
        starts.reserveCapacity(tokens.count + 1)
        for token in tokens {
            starts.append(starts[starts.count - 1] + token.count)
        }
        self.starts = starts
        bytes = Array(tokens.joined())
        longest = tokens.lazy.map(\.count).max() ?? 0

        var capacity = 2
        while capacity < 2 * tokens.count { capacity *= 2 }
        slots = Array(repeating: -1, count: capacity)
        for (id, token) in tokens.enumerated() where !token.isEmpty {
            let slot = slot(for: token, in: 0..<token.count)
            if slots[slot] < 0 { slots[slot] = Int32(id) }
        }
    }

    /// Number of tokens.
    var count: Int { starts.count - 1 }

    /// The bytes of a token; empty where there is no such token.
    func bytes(of id: Int) -> ArraySlice<UInt8> {
        guard id >= 0, id < count else { return [] }
        return bytes[starts[id]..<starts[id + 1]]
    }

    /// The token that is exactly `text[range]`.
    func id(of text: [UInt8], in range: Range<Int>) -> Int? {
        guard range.count <= longest, !range.isEmpty else { return nil }
        let id = slots[slot(for: text, in: range)]
        return id < 0 ? nil : Int(id)
    }

    /// The slot that holds the token `text[range]`, or the free slot where it belongs.
    private func slot(for text: [UInt8], in range: Range<Int>) -> Int {
        // FNV-1a with 64 bits (http://www.isthe.com/chongo/tech/comp/fnv/): tokens are short, so it need not be clever.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for index in range {
            hash = (hash ^ UInt64(text[index])) &* 0x100_0000_01b3
        }
        // The low bits of FNV depend on low bits only; fold the high half in.
        var slot = Int(truncatingIfNeeded: hash ^ (hash >> 32)) & (slots.count - 1)
        while slots[slot] >= 0, !matches(Int(slots[slot]), text, range) {
            slot = (slot + 1) & (slots.count - 1)
        }
        return slot
    }

    private func matches(_ id: Int, _ text: [UInt8], _ range: Range<Int>) -> Bool {
        let start = starts[id]
        guard starts[id + 1] - start == range.count else { return false }
        for offset in 0..<range.count where bytes[start + offset] != text[range.lowerBound + offset] {
            return false
        }
        return true
    }
}
