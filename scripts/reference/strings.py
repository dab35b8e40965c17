"""Strings that try a byte-level tokenizer: the clips' sentences and made-up ones, the same for the same manifest."""

import random

from clips import Clips, spread

ENGLISH = (
    "the a of and I'm don't we'll you've it's They'd SHE'S can't Sori whisper window 30s 2.5kg #42 naïve U.S.A.".split()
)
KOREAN = (
    "안녕하세요 소리 음성을 받아 적습니다 그래서 오늘은 날씨가 좋네요 뷁 쀍 ㅋㅋㅋ ㅠㅠ 삼십초 값이 닭이 없다".split()
)
JAPANESE = (
    "こんにちは 音声認識 です カタカナ ひらがな 東京都 ずんだもん ー 々 「はい」 ｶﾀｶﾅ ゔ 今日は、 いい天気。".split()
)
OTHER = "Привет Ελληνικά العربية עברית हिन्दी ไทย Tiếng Việt 中文 繁體 ქართული አማርኛ தமிழ்".split()
EMOJI = ["😀", "👍🏽", "👨‍👩‍👧‍👦", "🏳️‍🌈", "🇰🇷", "❤️", "☕", "1️⃣", "🤖", "𝄞", "♪", "♫♫", "👩🏻‍🚀", "🫠"]
COMBINING = [
    "e\u0301",
    "ñ",
    "n\u0303",
    "각",
    "\u1100\u1161\u11a8",
    "か\u3099",
    "Z\u0351\u036b\u0343a\u0361l",
    "\u200d",
    "\ufeff",
]
SPACE = [
    " ",
    "  ",
    "   ",
    "\t",
    "\n",
    "\r\n",
    "\u00a0",
    "\u3000",
    "\u2003",
    "\u2028",
    "\u0085",
    "\v",
    "\f",
    " \n ",
    "\n\n  ",
]
PUNCTUATION = (
    list("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
    + "… — – “ ” ‘ ’ ¿ ¡ 。 、 ・ ！ ？ 『 』 ~~ ... --- '' \"\" ?! $5 €3 §4 ±".split()
)
CONTROL = [chr(code) for code in range(1, 32)] + [
    "\x7f",
    "\x80",
    "\x9f",
    "\u200b",
    "\u202e",
    "\ufffd",
    "\U0010ffff",
    "\ue000",
]
DIGITS = "0 7 42 2026 3.14 1,000,000 １２３ ٣٤ Ⅳ ² ½ 010-1234-5678 12:34:56 1e-9 ①".split()
FAMILIES = [ENGLISH, KOREAN, JAPANESE, OTHER, EMOJI, COMBINING, SPACE, PUNCTUATION, CONTROL, DIGITS]


def corpus(clips: Clips, count: int = 2_400) -> list[str]:
    """Distinct strings: sentences, every single piece, and mixtures of them."""
    generator = random.Random(2)
    sentences = [clip.text for language in ("en", "ko", "ja") for clip in spread(clips.speech(language, 1000), 150)]
    pieces = [piece for family in FAMILIES for piece in family]
    strings = dict.fromkeys(sentences + pieces + [" " + piece for piece in pieces] + [""])
    while len(strings) < count:
        strings[made(generator)] = None
    return list(strings)


def made(generator: random.Random) -> str:
    kind = generator.randrange(4)
    length = generator.randint(1, 12)
    if kind == 0:  # random syllables
        first, last = generator.choice(
            [(0xAC00, 0xD7A3), (0x3041, 0x30FE), (0x4E00, 0x9FFF), (0x21, 0x24F), (0x1F300, 0x1F6FF)]
        )
        return "".join(chr(generator.randint(first, last)) for _ in range(length))
    if kind == 1:  # words of one family with spaces
        return " ".join(generator.choice(generator.choice(FAMILIES[:4])) for _ in range(length))
    separators = ["", " ", "", "  "] if kind == 2 else [""]
    return "".join(generator.choice(generator.choice(FAMILIES)) + generator.choice(separators) for _ in range(length))
