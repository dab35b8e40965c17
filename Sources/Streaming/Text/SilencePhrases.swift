internal import Foundation

/// What Whisper writes when nobody speaks: it was trained on subtitles, which thank the audience over music and silence.
///
/// People say these things too. So a phrase alone is no reason to drop a text, only together with doubt that anybody spoke.
package enum SilencePhrases {
    /// Whether a text is nothing but such a phrase, once or several times.
    package static func contains(_ text: String) -> Bool {
        let bare = normalized(text)
        guard !bare.isEmpty else { return true }
        return phrases.contains { phrase in
            var rest = bare[...]
            while rest.hasPrefix(phrase) { rest = rest.dropFirst(phrase.count) }
            return rest.isEmpty
        } || isNewsSignature(bare)
    }

    /// How many words at the end of a text are nothing but such a phrase of two syllables or more, behind something else; 0
    /// if there is none.
    package static func tail(of words: [String]) -> Int {
        guard words.count > 1 else { return 0 }
        // Japanese words are single characters.
        return (1..<words.count).prefix(24).last { count in
            let phrase = words.suffix(count).joined()
            guard Syllables.count(phrase) > 1, contains(phrase) else { return false }
            return words.dropLast(count).last.map(endsSentence) ?? false
        } ?? 0
    }

    private static func endsSentence(_ word: String) -> Bool {
        word.last { !$0.isWhitespace }.map { ".?!。？！…".contains($0) } ?? false
    }

    /// How many outcries a text is, which is how dogs and babies are written down; 0 if there is another word in it. One of
    /// twenty letters counts as three.
    package static func outcries(in text: String) -> Int {
        let words = text.lowercased().split { !$0.isLetter }
        let isOutcry = words.allSatisfy { word in
            let bare = withoutRepetition(word)
            // "Pfff", "eeee".
            return isVowels(word) || outcries.contains(bare) || word.count > 3 && bare.count <= 2
        }
        return isOutcry ? words.reduce(0) { $0 + 1 + $1.count / 10 } : 0
    }

    /// "아우", "오오오", "어이": Hangul syllables without any consonant, but for a g that cuts the last one off: "아악", "아앍".
    private static func isVowels(_ word: Substring) -> Bool {
        let scalars = word.unicodeScalars
        return zip(1..., scalars).allSatisfy { place, scalar in
            // Syllables are ordered by 19 first consonants, 21 vowels and 28 last consonants; the twelfth first one is none.
            let index = Int(scalar.value) - 0xAC00
            guard (0..<11_172).contains(index), index / 588 == 11 else { return false }
            return index % 28 == 0 || place > 1 && place == scalars.count && [1, 9].contains(index % 28)
        }
    }

    /// "waaah" is "wah", "oooo" is "o".
    private static func withoutRepetition(_ word: Substring) -> String {
        word.reduce(into: "") { if $0.last != $1 { $0.append($1) } }
    }

    private static let outcries: Set<String> = [
        "a", "ah", "argh", "aw", "bah", "eh", "ha", "hey", "ho", "huh", "o", "oh", "ow", "u", "ugh", "uh", "wah",
        "whoa",
        "wo", "wof", "wow", "yeah", "악", "와", "왈", "멍", "으악", "응", "あ", "あー", "う", "うー", "うわ", "え", "お", "おー", "わ",
        "わあ", "うーん",
        "ワン", "ア", "アー", "ウ", "ウー", "オ", "オー",
    ]

    /// Lower case letters and digits only.
    private static func normalized(_ text: String) -> String {
        String(text.lowercased().unicodeScalars.filter { CharacterSet.alphanumerics.contains($0) }.map(Character.init))
    }

    /// "MBC 뉴스 이재경입니다.": a Korean reporter's name differs each time.
    private static func isNewsSignature(_ bare: String) -> Bool {
        ["mbc뉴스", "kbs뉴스", "sbs뉴스", "ytn뉴스"].contains { bare.hasPrefix($0) }
            && bare.hasSuffix("입니다") && bare.count <= 14
    }

    private static let phrases: [String] = [
        // Korean
        "시청해주셔서감사합니다", "시청해주셔서고맙습니다", "구독과좋아요부탁드립니다", "구독과좋아요알림설정부탁드립니다",
        "다음영상에서만나요", "다음시간에만나요", "다음영상에서뵙겠습니다", "끝까지시청해주셔서감사합니다",
        "오늘도시청해주셔서감사합니다", "영상편집및자막", "한글자막by", "자막제공", "자막by", "감사합니다", "고맙습니다",
        "안녕히계세요", "안녕", "네", "아", "음",
        // English
        "thanksforwatching", "thankyouforwatching", "thankyousomuchforwatching", "thankyouverymuch", "thankyou",
        "pleasesubscribe", "pleasesubscribetomychannel", "dontforgettolikeandsubscribe", "likeandsubscribe",
        "subtitlesbytheamaraorgcommunity", "seeyounexttime", "seeyouinthenextvideo", "illseeyouinthenextone",
        "bye", "byebye", "you", "oh", "uh", "um", "okay", "theend", "music", "applause", "laughter",
        // Japanese
        "ご視聴ありがとうございました", "ご視聴いただきありがとうございました", "最後までご視聴いただきありがとうございました",
        "チャンネル登録お願いします", "チャンネル登録よろしくお願いします", "おやすみなさい", "ありがとうございました",
        // Others
        "谢谢观看", "感谢观看", "请不吝点赞订阅转发打赏支持明镜与点点栏目", "字幕由amaraorg社区提供",
        "untertitelderamaraorgcommunity", "soustitresréalisésparalacommunautédamaraorg",
        "subtítulosrealizadosporlacomunidaddeamaraorg",
    ].map(normalized)
}
