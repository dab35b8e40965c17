"""tokenizer.json (base) and tokenizer-tiny.en.json: both ways of the tokenizer, and words out of tokens.

{"strings": [{"text", "tokens", "decoded"}], "nonSpeech": [token], "words": [{"language", "tokens", "words": [W]}]} with
W = {"text", "tokens"}

`nonSpeech` is faster-whisper's `Tokenizer.non_speech_tokens`; `words` is `split_to_word_tokens`. Some of its token
lists have timestamps or the end of text between the words, some are cut so that the last character may be incomplete
(U+FFFD).
"""

import json
from pathlib import Path

import tokenizers
from faster_whisper.tokenizer import Tokenizer

import strings
from clips import Clips


def content(model: Path, clips: Clips) -> dict:
    tokenizer = read(model)
    encoded = [(text, tokenizer.encode(text, add_special_tokens=False).ids) for text in strings.corpus(clips)]
    multilingual = not model.name.endswith(".en")
    return {
        "strings": [{"text": text, "tokens": ids, "decoded": tokenizer.decode(ids)} for text, ids in encoded],
        "nonSpeech": list(Tokenizer(tokenizer, multilingual, "transcribe", "en").non_speech_tokens),
        "words": [
            entry
            for language in (("en", "ko", "ja") if multilingual else ("en",))
            for entry in words(Tokenizer(tokenizer, multilingual, "transcribe", language), clips, language)
        ],
    }


def read(model: Path) -> tokenizers.Tokenizer:
    """The tokenizer as the model was trained with it: multilingual models' files lack the first of OpenAI's merges."""
    description = json.loads((model / "tokenizer.json").read_text(encoding="utf-8"))
    merges = description["model"]["merges"]
    first = "Ġ t" if isinstance(merges[0], str) else ["Ġ", "t"]
    if first not in merges:
        merges.insert(0, first)
    return tokenizers.Tokenizer.from_str(json.dumps(description))


def words(tokenizer: Tokenizer, clips: Clips, language: str) -> list[dict]:
    samples = {"en": strings.ENGLISH, "ko": strings.KOREAN, "ja": strings.JAPANESE}[language]
    texts = [clip.text for clip in clips.speech(language, 60)] + [" ".join(samples), "".join(samples)]
    texts += [f"{text}! ({text})… “{text}” - {text}?" for text in texts[:6]]
    texts += [text + emoji for text, emoji in zip(texts[6:], strings.EMOJI, strict=False)]
    result = []
    for index, text in enumerate(texts):
        ids = tokenizer.encode(" " + text)
        if index % 5 == 1:  # as in a timestamped segment
            ids = [tokenizer.timestamp_begin, *ids, tokenizer.timestamp_begin + 75]
        elif index % 5 == 2:  # as `find_alignment` calls it
            ids = [*ids, tokenizer.eot]
        elif index % 5 == 3:
            ids = ids[:-1] or ids
        texts_of_words, tokens_of_words = tokenizer.split_to_word_tokens(ids)
        pairs = zip(texts_of_words, tokens_of_words, strict=True)
        result.append(
            {
                "language": language,
                "tokens": ids,
                "words": [{"text": word, "tokens": tokens} for word, tokens in pairs],
            }
        )
    return result
