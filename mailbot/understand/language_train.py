"""Trains the language identifier: `python -m mailbot.understand.language_train [--evaluate]`.

In: the passages under model/data/ (the file name begins with the language). Out: language.json beside this module: for
each word and run of three letters how much it speaks for each language. Naive Bayes, no randomness, under a second.
A further language is a further file of a few hundred passages.
"""

from __future__ import annotations

import json
import math
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from mailbot.understand.language import MODEL, features
from mailbot.understand.text import fold

DATA = Path(__file__).with_name("model") / "data"
SMOOTHING = 0.4
LEAST = 3  # times that a feature is seen, over all languages
KEPT = 9000  # features that are written: those that tell most
FOLDS = 5


def load(folder: Path = DATA) -> dict[str, list[str]]:
    """language -> its passages."""
    texts: dict[str, list[str]] = {}
    for path in sorted(folder.glob("*.yaml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
            texts.setdefault(path.name[:2], []).append(entry["text"])
    for path in sorted(folder.glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip() and not line.startswith(("==", "#")):
                texts.setdefault(path.name[:2], []).append(line)
    return texts


def train(texts: Mapping[str, Sequence[str]]) -> dict[str, object]:
    """The model: {"languages": [...], "weights": {feature: [hundredths of a nat for each language]}}.

    Each passage counts as it stands and without accents, since many people write without.
    """
    languages = sorted(texts)
    counts = {language: Counter[str]() for language in languages}
    for language in languages:
        for text in texts[language]:
            counts[language].update(features(text))
            counts[language].update(features(fold(text)))
    total = sum(counts.values(), Counter[str]())
    sums = {language: sum(counts[language].values()) for language in languages}
    rated: list[tuple[float, str, list[int]]] = []
    for feature, seen in total.items():
        if seen < LEAST:
            continue
        logs = [
            math.log((counts[lang][feature] + SMOOTHING) / (sums[lang] + SMOOTHING * len(total))) for lang in languages
        ]
        mean = sum(logs) / len(logs)
        weights = [round(100 * (value - mean)) for value in logs]
        rated.append((max(map(abs, weights)) * math.log(1 + seen), feature, weights))
    rated.sort(key=lambda item: (-item[0], item[1]))
    kept = {feature: weights for _, feature, weights in sorted(rated[:KEPT], key=lambda item: item[1])}
    return {"languages": languages, "weights": kept}


def evaluate(texts: Mapping[str, Sequence[str]]) -> str:
    """How many passages are told right by a model that has not seen them, as one line a language."""
    from mailbot.understand.language import Weights, rate

    right: Counter[str] = Counter()
    for held in range(FOLDS):
        rest = {lang: [t for n, t in enumerate(ts) if n % FOLDS != held] for lang, ts in texts.items()}
        model = Weights.read(train(rest))
        for lang, ts in texts.items():
            for number, text in enumerate(ts):
                if number % FOLDS == held:
                    scores = rate(text, model)
                    right[lang] += max(scores, key=lambda name: scores[name]) == lang
    return "\n".join(f"{lang}: {right[lang]} of {len(ts)}" for lang, ts in texts.items())


def main(arguments: Sequence[str]) -> None:
    texts = load()
    if "--evaluate" in arguments:
        print(evaluate(texts))
        return
    text = json.dumps(train(texts), ensure_ascii=False, separators=(",", ":")).replace('],"', '],\n"')
    MODEL.write_text(text + "\n", encoding="utf-8")
    print(f"{MODEL.name}: {sum(map(len, texts.values()))} passages, {MODEL.stat().st_size / 1e3:.0f} KB")


if __name__ == "__main__":
    main(sys.argv[1:])
