"""words.json and longform.json: what `WhisperModel.transcribe` itself gives.

words.json: {"options", "entries": [clip + {"words": [{"text", "start", "end", "probability"}], "tokens"}]}
longform.json: {"options", "entries": [clip + {"cut", "conditioned", "segments": [{"start", "end", "text",
"tokens"}]}]}: the first `cut` seconds of a stream, once without and once with the previous text as prompt.

Padding is faster-whisper's here: the log-mel is taken over the samples with 160 zeros after them (its default), and a
window that is shorter than 3,000 frames is filled up with the *value 0* in the log-mel, not with silent samples.
"""

from clips import RATE, Clip, Clips
from reference import Reference

COMMON = {"beam_size": 1, "temperature": [0.0], "vad_filter": False, "task": "transcribe"}
WORDS = COMMON | {
    "word_timestamps": True,
    "condition_on_previous_text": False,
    "compression_ratio_threshold": None,
    "log_prob_threshold": None,
    "no_speech_threshold": None,
}
STREAM_SECONDS = 90


def word_clips(clips: Clips) -> list[Clip]:
    return clips.speech("en", 18) + clips.speech("ko", 12) + clips.speech("ja", 10)


def words(reference: Reference, clip: Clip) -> dict:
    segments = list(reference.whisper.transcribe(clip.samples, language=clip.language, **WORDS)[0])
    return clip.facts | {
        "tokens": [token for segment in segments for token in segment.tokens],
        "words": [
            {
                "text": word.word,
                "start": float(word.start),
                "end": float(word.end),
                "probability": float(word.probability),
            }
            for segment in segments
            for word in segment.words
        ],
    }


def stream_clips(clips: Clips) -> list[Clip]:
    return [stream for language in ("en", "ko", "ja") for stream in clips.streams(language, 1)]


def longform(reference: Reference, clip: Clip, conditioned: bool) -> dict:
    cut = min(STREAM_SECONDS, clip.seconds)
    segments, _ = reference.whisper.transcribe(
        clip.samples[: STREAM_SECONDS * RATE], language=clip.language, condition_on_previous_text=conditioned, **COMMON
    )
    return clip.facts | {
        "cut": cut,
        "conditioned": conditioned,
        "segments": [
            {"start": float(segment.start), "end": float(segment.end), "text": segment.text, "tokens": segment.tokens}
            for segment in segments
        ],
    }
