internal import WhisperText

/// About how many syllables a text has, to compare it with what can be heard.
package enum Syllables {
    /// Of Hangul, kana and Han, one a character; of digits, one each; of other letters, one for each group of vowels, and
    /// one at least for each word.
    package static func count(_ text: String) -> Int {
        var syllables = 0
        // Of the word in Latin or another alphabet that is open.
        var (hasLetters, groups, isInVowels) = (false, 0, false)
        func close() {
            if hasLetters { syllables += max(1, groups) }
            (hasLetters, groups, isInVowels) = (false, 0, false)
        }
        for character in text.lowercased() {
            if character.isDense {
                close()
                if !smallKana.contains(character) { syllables += 1 }
            } else if character.isNumber {
                close()
                syllables += 1
            } else if character.isLetter {
                hasLetters = true
                let isVowel = vowels.contains(character)
                if isVowel, !isInVowels { groups += 1 }
                isInVowels = isVowel
            } else if character != "'", character != "’" {
                close()
            }
        }
        close()
        return syllables
    }

    private static let vowels: Set<Character> = [
        "a", "e", "i", "o", "u", "y", "ä", "ö", "ü", "á", "é", "í", "ó", "ú", "à", "è", "ù", "â", "ê", "î", "ô", "û",
        "ã",
        "õ", "å", "ø", "а", "е", "ё", "и", "о", "у", "ы", "э", "ю", "я", "і", "ї", "є",
    ]
    /// These belong to the syllable before; ー and っ take time of their own.
    private static let smallKana: Set<Character> = [
        "ゃ", "ゅ", "ょ", "ャ", "ュ", "ョ", "ぁ", "ぃ", "ぅ", "ぇ", "ぉ", "ァ", "ィ", "ゥ", "ェ", "ォ",
    ]
}
