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

    /// Whether a text is nothing but outcries, which is how dogs and babies are written down.
    package static func isOutcry(_ text: String) -> Bool {
        let words = text.split { !$0.isLetter }.map { $0.lowercased() }
        return !words.isEmpty && words.allSatisfy(outcries.contains)
    }

    private static let outcries: Set<String> = [
        "ah", "aah", "argh", "aw", "bah", "eh", "ha", "hey", "hoo", "huh", "oh", "oo", "ooh", "ow", "ugh", "uh", "wah",
        "whoa", "woo", "woof", "wow", "yeah", "아", "아아", "악", "어", "어어", "오", "우", "와", "왈", "멍", "멍멍", "으",
        "으악", "응", "ああ", "あ", "うわ", "わあ", "ワン",
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
