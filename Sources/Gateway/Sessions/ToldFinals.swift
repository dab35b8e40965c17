package import SoriProtocol

/// The last finals of a session and their translations, for those who come (back) later.
package struct ToldFinals: Sendable, Equatable, Codable {
    /// A client that has a final may have missed its translation: those of so many utterances are told again.
    private static let repeated = 20

    /// The finals, newest last.
    package private(set) var finals: [ServerMessage.Final] = []
    /// What they mean, by the number of the utterance.
    private var translations: [Int: ServerMessage.Translation] = [:]
    private let limit: Int

    /// - Parameter limit: finals that are kept.
    package init(limit: Int) { self.limit = limit }

    /// The same, with room for another number of finals.
    func keeping(_ limit: Int) -> ToldFinals {
        var kept = ToldFinals(limit: limit)
        for final in finals { kept.add(final) }
        for (_, translation) in translations { kept.add(translation) }
        return kept
    }

    package mutating func add(_ final: ServerMessage.Final) {
        finals.append(final)
        guard finals.count > limit else { return }
        translations[finals.removeFirst().utterance] = nil
    }

    package mutating func add(_ translation: ServerMessage.Translation) {
        guard finals.contains(where: { $0.utterance == translation.utterance }) else { return }
        translations[translation.utterance] = translation
    }

    /// What somebody is told who comes (back).
    ///
    /// - Parameter lastFinal: number of the last utterance whose final is known there; `nil` for none.
    package func messages(after lastFinal: Int?) -> [ServerMessage] {
        let known = lastFinal ?? -1
        return finals.flatMap { final in
            let translation = translations[final.utterance].map(ServerMessage.translation)
            let isWanted = final.utterance > known - Self.repeated
            return (final.utterance > known ? [.final(final)] : []) + (isWanted ? [translation].compactMap(\.self) : [])
        }
    }
}
