/// Notices that a text says the same thing over and over.
package enum Repetition {
    /// What is said again and again.
    package struct Loop: Sendable, Equatable {
        /// What is repeated, without the spaces in it.
        package var unit: String
        /// How often about.
        package var count: Int
    }

    /// Whether a run of one to eight words, or of a few characters in scripts without spaces, fills most of a text.
    package static func isLooping(_ text: String) -> Bool { loop(in: text) != nil }

    /// The run of one to eight words, or of a few characters in scripts without spaces, that fills most of a text.
    package static func loop(in text: String) -> Loop? {
        let words = text.split(whereSeparator: \.isWhitespace).map { $0.lowercased().filter { !$0.isPunctuation } }
        let length = words.reduce(0) { $0 + $1.count }
        if let run = run(in: words, least: 4) {
            return Loop(unit: words.suffix(run).joined(), count: words.count / run)
        }
        for word in words where word.count > 12 && word.count * 2 > length {
            let characters = Array(word)
            if let run = run(in: characters, least: 6) {
                return Loop(unit: String(characters.suffix(run)), count: characters.count / run)
            }
        }
        return nil
    }

    /// Length of the shortest run that is repeated so often that it fills most of some items.
    private static func run(in items: [some Equatable], least: Int) -> Int? {
        guard items.count >= least else { return nil }
        return (1...8).first { run in
            guard items.count >= run * (run == 1 ? least + 2 : least) else { return false }
            let same = zip(items, items.dropFirst(run)).filter(==).count
            return Double(same) >= 0.8 * Double(items.count - run)
        }
    }
}
