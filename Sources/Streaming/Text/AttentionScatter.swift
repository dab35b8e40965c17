package import Recognition
package import WhisperText

/// How much of a text attention places nowhere. Who listens hears one word after the other, and each takes time; who makes
/// up a text looks here and there in the sound, or at one place for all of it.
package enum AttentionScatter {
    /// Seconds by which a word may be heard before the one in front of it.
    private static let lookingBack = 0.3
    /// Of fewer words nothing can be said.
    private static let fewest = 3
    /// Seconds that are less than any word takes.
    private static let instant = 0.03
    /// Seconds that are less than words take on average, however fast somebody speaks.
    private static let shortestWord = 0.08

    /// The share of tokens, 0...1, that are heard before an earlier one; 0 where that is not known, or they are too
    /// few.
    package static func of(_ tokens: [RecognitionResult.Token]) -> Double {
        let heard = tokens.compactMap(\.attendedAt)
        guard heard.count >= fewest else { return 0 }
        var latest = heard[0]
        var back = 0
        for time in heard.dropFirst() {
            if time < latest - lookingBack { back += 1 }
            latest = max(latest, time)
        }
        return Double(back) / Double(heard.count - 1)
    }

    /// The share of words, 0...1, that take no time; 0 where they are too few.
    package static func of(_ words: [Word]) -> Double {
        words.count < fewest ? 0 : Double(words.count { $0.end - $0.start < instant }) / Double(words.count)
    }

    /// Where the words begin that stand at the end with next to no time for each; the count of all words if there are
    /// none.
    package static func crowdedTail(of words: [Word]) -> Int {
        let starts = words.indices.dropLast()
        let longest = starts.first { index in
            words[words.endIndex - 1].end - words[index].start < shortestWord * Double(words.endIndex - index)
        }
        // The last word that was said may have time enough for those behind it.
        return longest.flatMap { first in
            words[first...].firstIndex { $0.end - $0.start < shortestWord }
        } ?? words.endIndex
    }
}
