"""The language of a customer's own words. Made for short mails full of jargon: code, quotes, names are left out.

In: a `Doc` and what the ticket knows. Out: a `Guess`. A bare value ("PROD", "é o 2154…") says nothing of its own: the
ticket's language stands, and a longer text overrides it. The model is `language.json` (language_train.py).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache, partial
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from mailbot.rules.pack import RulePack
from mailbot.understand.doc import Doc
from mailbot.understand.facts import Context, Guess
from mailbot.understand.lanes import Lanes, packed

MODEL = Path(__file__).with_name("language.json")
MOST_CHARACTERS = 2500  # of a mail that are read
MOST_WORDS = 160
_HELD = 4.0  # nats that the ticket's language is ahead: a handful of plain words of another one outweigh it
_DEFAULT = 0.5  # the pack's own
_PASSED_ON = 0.1  # what a forwarded line weighs beside the sender's own
_SUBJECT = 0.5
_CLEAR = 1.0  # nats between the first and the second below which the ticket's language stands
_WORD_SHARE, _RUN_SHARE = 10, 4  # tenths of a hundredth
_FROM_HERE = r"(?:(?<!\S)|(?<=[\"”`>]))"  # where what spans a whole word may begin: tried at each letter it is slow
_NOISE = re.compile(
    r"\"[^\"\n]{1,300}\"|“[^”\n]{1,300}”|`[^`\n]{1,300}`|https?://\S+"
    rf"|{_FROM_HERE}\S+@\S+|<[^<>\n]{{1,80}}>|{_FROM_HERE}[^\s\d_/\\=]{{0,100}}+[\d_/\\=]\S*"
    r"|\b\w+(?:-\w+){2,}|\b\w+\.\w+\S*"
)
_NOISY = re.compile(  # without one of these there is no noise; a class comes first, as re then skips to its members
    r"[\"“`<@\d_/\\=.-](?:(?<![.-])|(?<=\w[.-])(?=\w))"
)
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|[¿¡]")


def features(text: str) -> list[str]:
    """Words (`=de`) and runs of three letters (`ção`, `_el`) of a text; names in mid-sentence are left out."""
    found: list[str] = []
    for word in _words(text):
        found += _features_of(word)
    return found


def _features_of(word: str) -> list[str]:
    padded = f"_{word}_"
    return ["=" + word, *[padded[i : i + 3] for i in range(len(padded) - 2)]]


def _words(text: str) -> list[str]:
    """The words that tell, in lower case."""
    found: list[str] = []
    clean = text[:MOST_CHARACTERS]
    if _NOISY.search(clean):  # noise never goes on in the next line, and few lines have any
        clean = "\n".join([_NOISE.sub(" | ", line) if _NOISY.search(line) else line for line in clean.split("\n")])
    shouting = clean.isupper()
    begins = True
    for match in islice(_WORD.finditer(clean), MOST_WORDS):
        word = match[0]
        if word.islower():  # most are
            begins = False
            found.append(word)
            continue
        name = not begins and not shouting and word[0].isupper() and len(word) > 1
        begins = word in "¿¡"
        if name:
            before = clean[max(0, match.start() - 2) : match.start()]
            if not any(mark in before for mark in ".!?\n:|"):
                continue
        found.append(word.lower())
    return found


class Weights(NamedTuple):
    """The model, ready to be added up: a feature's weights for all languages are the lanes of one number."""

    languages: tuple[str, ...]
    of: Mapping[str, int]
    lanes: Lanes

    @staticmethod
    def read(model: Mapping[str, Any]) -> Weights:
        """From the JSON of language_train.py: language names, and hundredths of nats for each feature."""
        weights = {
            feature: (_WORD_SHARE if feature[0] == "=" else _RUN_SHARE) * packed(enumerate(row))
            for feature, row in model["weights"].items()
        }
        languages = tuple(model["languages"])
        return Weights(languages, weights, Lanes(len(languages)))


@lru_cache(maxsize=1)
def _model() -> Weights:
    return Weights.read(json.loads(MODEL.read_text(encoding="utf-8")))


def rate(text: str, model: Weights | None = None) -> dict[str, float]:
    """language -> nats that speak for it, 0 being even. Runs of letters weigh less: they overlap with their words."""
    languages, weights, lanes = model or _model()
    weigh = _own_weight if model is None else partial(_weight, weights)
    total = sum([weigh(word) for word in _words(text)])
    return {language: value / 1000 for language, value in zip(languages, lanes.unpacked(total), strict=True)}


def _weight(weights: Mapping[str, int], word: str) -> int:
    return sum([weights[feature] for feature in _features_of(word) if feature in weights])


@lru_cache(maxsize=2048)
def _own_weight(word: str) -> int:
    """The weight of a word in this program's model: most words of a mail were met in others."""
    return _weight(_model().of, word)


def _scores(doc: Doc, *, alone: bool) -> dict[str, float]:
    """What the sender's own lines say; forwarded text and the subject, which may be anybody's, only a little."""
    own = "\n".join(doc.text[r.start : r.end] for r in doc.rows if not r.technical and not r.forwarded)
    passed_on = "\n".join(doc.text[r.start : r.end] for r in doc.rows if not r.technical and r.forwarded)
    scores = rate(own)
    others = ((passed_on, _PASSED_ON), (doc.subject_clean, _SUBJECT if alone else 0.0))
    for text, share in others:
        for name, value in rate(text).items() if text and share else ():
            scores[name] += share * value
    return scores


def guess(doc: Doc, pack: RulePack, context: Context) -> Guess:
    """The language of the new text; the ticket's where the text is too short to tell."""
    if "language" in context.locked and context.language:
        return Guess(context.language, "set by a person")
    scores = _scores(doc, alone=not context.language)
    scores = {name: value for name, value in scores.items() if name in pack.title} or scores
    prior = context.language or pack.default_language
    if prior in scores:
        scores[prior] += _HELD if context.language else _DEFAULT
    ranked = sorted(scores, key=lambda name: -scores[name])
    margin = scores[ranked[0]] - (scores[ranked[1]] if len(ranked) > 1 else 0.0)
    rounded = {name: round(value, 1) for name, value in scores.items()}
    if context.language in scores and (margin < _CLEAR or ranked[0] == context.language):
        return Guess(context.language, "the ticket's language", min(1.0, 0.6 + margin / 20), rounded)
    return Guess(ranked[0], "the words of the mail", min(1.0, 0.5 + margin / 20), rounded)
