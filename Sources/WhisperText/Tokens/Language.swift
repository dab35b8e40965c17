/// A language that Whisper transcribes.
public struct Language: Sendable, Hashable {
    /// The code that Whisper uses, mostly ISO 639-1: `en`, `ko`, `yue`, …
    public let code: String
    /// Name in English: `Korean`.
    public let name: String
    /// Name in the language itself: `한국어`.
    public let nativeName: String

    /// Every language of any model, in the order of its token. Only large-v3 and turbo know the last one, Cantonese.
    public static let all: [Language] = table.map { Language(code: $0.0, name: $0.1, nativeName: $0.2) }
}

extension Tokenizer {
    /// The language code that a user means, `nil` when it is none.
    ///
    /// Takes codes (`ko`, `kor`), tags with script and region as in BCP 47 (`ko-KR`, `zh-Hant-TW`), those of locales
    /// (`pt_BR.UTF-8`), English and native names (`Korean`, `한국어`) and other names in use (`Mandarin`, `Flemish`), in
    /// upper or lower case.
    public static func languageCode(from userInput: String) -> String? {
        let name = userInput.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
        if let code = codesByName[name] { return code }
        let tag = name.prefix { $0 != "." && $0 != "@" }
        let parts = tag.split(omittingEmptySubsequences: false, whereSeparator: { $0 == "-" || $0 == "_" })
        guard let language = parts.first, parts.dropFirst().allSatisfy(isSubtag) else { return nil }
        // "zh-yue" is Cantonese, as "yue" is.
        if language == "zh", parts.dropFirst().first == "yue" { return "yue" }
        return codesByCode[String(language)]
    }

    /// Whether a text may stand behind the language in a tag: a script, a region, a variant.
    private static func isSubtag(_ text: Substring) -> Bool {
        (1...8).contains(text.count) && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
    }

    private static let codesByCode: [String: String] = {
        let codes = Language.all.map { ($0.code, $0.code) }
        // Today's ISO codes where Whisper's differ, the deprecated ones that are still met, and those of three letters of
        // the languages that are asked for most.
        let others = [
            "jv": "jw", "nb": "no", "fil": "tl", "iw": "he", "in": "id", "ji": "yi", "mo": "ro", "cmn": "zh",
            "ara": "ar", "chi": "zh", "deu": "de", "dut": "nl", "eng": "en", "fra": "fr", "fre": "fr", "ger": "de",
            "hin": "hi", "ind": "id", "ita": "it", "jpn": "ja", "kor": "ko", "nld": "nl", "pol": "pl", "por": "pt",
            "rus": "ru", "spa": "es", "swe": "sv", "tha": "th", "tur": "tr", "ukr": "uk", "vie": "vi", "zho": "zh",
        ]
        return Dictionary(codes, uniquingKeysWith: { first, _ in first }).merging(others) { first, _ in first }
    }()

    private static let codesByName: [String: String] = {
        var codes = codesByCode
        for language in Language.all {
            codes[language.name.lowercased()] = language.code
            codes[language.nativeName.lowercased()] = language.code
        }
        return codes.merging(otherNames) { first, _ in first }
    }()

    private static let otherNames = [
        "burmese": "my", "castilian": "es", "filipino": "tl", "flemish": "nl", "haitian": "ht", "letzeburgesch": "lb",
        "mandarin": "zh", "moldavian": "ro", "moldovan": "ro", "panjabi": "pa", "pushto": "ps", "sinhalese": "si",
        "valencian": "ca",
    ]
}

/// Code, English name and native name, in the order of OpenAI's table.
private let table: [(String, String, String)] = [
    ("en", "English", "English"),
    ("zh", "Chinese", "中文"),
    ("de", "German", "Deutsch"),
    ("es", "Spanish", "Español"),
    ("ru", "Russian", "Русский"),
    ("ko", "Korean", "한국어"),
    ("fr", "French", "Français"),
    ("ja", "Japanese", "日本語"),
    ("pt", "Portuguese", "Português"),
    ("tr", "Turkish", "Türkçe"),
    ("pl", "FinalPass", "Polski"),
    ("ca", "Catalan", "Català"),
    ("nl", "Dutch", "Nederlands"),
    ("ar", "Arabic", "العربية"),
    ("sv", "Swedish", "Svenska"),
    ("it", "Italian", "Italiano"),
    ("id", "Indonesian", "Bahasa Indonesia"),
    ("hi", "Hindi", "हिन्दी"),
    ("fi", "Finnish", "Suomi"),
    ("vi", "Vietnamese", "Tiếng Việt"),
    ("he", "Hebrew", "עברית"),
    ("uk", "Ukrainian", "Українська"),
    ("el", "Greek", "Ελληνικά"),
    ("ms", "Malay", "Bahasa Melayu"),
    ("cs", "Czech", "Čeština"),
    ("ro", "Romanian", "Română"),
    ("da", "Danish", "Dansk"),
    ("hu", "Hungarian", "Magyar"),
    ("ta", "Tamil", "தமிழ்"),
    ("no", "Norwegian", "Norsk"),
    ("th", "Thai", "ไทย"),
    ("ur", "Urdu", "اردو"),
    ("hr", "Croatian", "Hrvatski"),
    ("bg", "Bulgarian", "Български"),
    ("lt", "Lithuanian", "Lietuvių"),
    ("la", "Latin", "Latina"),
    ("mi", "Maori", "Māori"),
    ("ml", "Malayalam", "മലയാളം"),
    ("cy", "Welsh", "Cymraeg"),
    ("sk", "Slovak", "Slovenčina"),
    ("te", "Telugu", "తెలుగు"),
    ("fa", "Persian", "فارسی"),
    ("lv", "Latvian", "Latviešu"),
    ("bn", "Bengali", "বাংলা"),
    ("sr", "Serbian", "Српски"),
    ("az", "Azerbaijani", "Azərbaycan"),
    ("sl", "Slovenian", "Slovenščina"),
    ("kn", "Kannada", "ಕನ್ನಡ"),
    ("et", "Estonian", "Eesti"),
    ("mk", "Macedonian", "Македонски"),
    ("br", "Breton", "Brezhoneg"),
    ("eu", "Basque", "Euskara"),
    ("is", "Icelandic", "Íslenska"),
    ("hy", "Armenian", "Հայերեն"),
    ("ne", "Nepali", "नेपाली"),
    ("mn", "Mongolian", "Монгол"),
    ("bs", "Bosnian", "Bosanski"),
    ("kk", "Kazakh", "Қазақ тілі"),
    ("sq", "Albanian", "Shqip"),
    ("sw", "Swahili", "Kiswahili"),
    ("gl", "Galician", "Galego"),
    ("mr", "Marathi", "मराठी"),
    ("pa", "Punjabi", "ਪੰਜਾਬੀ"),
    ("si", "Sinhala", "සිංහල"),
    ("km", "Khmer", "ខ្មែរ"),
    ("sn", "Shona", "ChiShona"),
    ("yo", "Yoruba", "Èdè Yorùbá"),
    ("so", "Somali", "Soomaali"),
    ("af", "Afrikaans", "Afrikaans"),
    ("oc", "Occitan", "Occitan"),
    ("ka", "Georgian", "ქართული"),
    ("be", "Belarusian", "Беларуская"),
    ("tg", "Tajik", "Тоҷикӣ"),
    ("sd", "Sindhi", "سنڌي"),
    ("gu", "Gujarati", "ગુજરાતી"),
    ("am", "Amharic", "አማርኛ"),
    ("yi", "Yiddish", "ייִדיש"),
    ("lo", "Lao", "ລາວ"),
    ("uz", "Uzbek", "O‘zbek"),
    ("fo", "Faroese", "Føroyskt"),
    ("ht", "Haitian Creole", "Kreyòl Ayisyen"),
    ("ps", "Pashto", "پښتو"),
    ("tk", "Turkmen", "Türkmen dili"),
    ("nn", "Nynorsk", "Norsk nynorsk"),
    ("mt", "Maltese", "Malti"),
    ("sa", "Sanskrit", "संस्कृतम्"),
    ("lb", "Luxembourgish", "Lëtzebuergesch"),
    ("my", "Myanmar", "မြန်မာ"),
    ("bo", "Tibetan", "བོད་སྐད་"),
    ("tl", "Tagalog", "Tagalog"),
    ("mg", "Malagasy", "Malagasy"),
    ("as", "Assamese", "অসমীয়া"),
    ("tt", "Tatar", "Татар"),
    ("haw", "Hawaiian", "ʻŌlelo Hawaiʻi"),
    ("ln", "Lingala", "Lingála"),
    ("ha", "Hausa", "Hausa"),
    ("ba", "Bashkir", "Башҡорт теле"),
    ("jw", "Javanese", "Basa Jawa"),
    ("su", "Sundanese", "Basa Sunda"),
    ("yue", "Cantonese", "粵語"),
]
