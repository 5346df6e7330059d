"""The words that name a place where pipelines run, and what they say of it: production, test or other.

In: the pack's own words. Out: one pattern for all of them, and the place that a word names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mailbot.rules.pack import RulePack
from mailbot.understand.fields.common import per_pack
from mailbot.understand.text import fold

_WORD = re.compile(r"[a-z]+")
_EDGE = r"(?<![\w/.@-])"
_END = r"(?![\w@/]|-\w|\.\w)"


def _listed(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


# Words that name a place whatever stands beside them.
PLAIN = {
    "production": _listed(
        "prod, prd, produtivo, produtiva, productiva,  productivo, ambiente productivo, ambiente produtivo, "
        "en vivo, produc, pdn "
    ),
    "test": _listed(
        "homologacao, homologacion, homolog, homol, hml, hmg, hom, staging, stg, pre-producao, pre producao, "
        "preproducao, preproduccion, pre-produccion, pre-production, preproduction, pre-prod, preprod, uat, "
        "ambiente de homologacion "
    ),
    "other": _listed("sandbox, sbx "),
}
# Words that name a place only behind "in the", "ambiente" or as a whole answer.
WORDY = {
    "production": _listed("producao, produccion, production, explotacion, live, real, pro, oficial, official "),
    "test": _listed(
        "teste, testes, test, tests, tst, prueba, pruebas, qa, stage, acceptance, testing, validacao, qas, "
        "pre, calidad, qualidade, quality, ensaio, ensayo, ensaios, ensayos, aceitacao, aceptacion "
    ),
    "other": _listed(
        "dev, desenvolvimento, desarrollo, development, desenv, desa, des, demo, local, treinamento, "
        "training, capacitacion, contingencia, dr, poc, piloto, pilot, performance, lab, formacion, "
        "demonstracao, demostracion, demonstration, laboratorio, laboratory, disaster recovery, sit, treino, "
        "entrenamiento "
    ),
}


@dataclass(frozen=True, slots=True)
class Places:
    """All words for a place: the built-in ones and the pack's own, folded."""

    pattern: re.Pattern[str]
    values: dict[str, str]
    first: frozenset[str]  # the words that they begin with

    def found(self, folded: str) -> Iterator[re.Match[str]]:
        """Where a text names a place; only words that a name begins with are looked at."""
        done = 0
        for word in _WORD.finditer(folded):
            if word[0] in self.first and word.start() >= done and (m := self.pattern.match(folded, word.start())):
                done = m.end()
                yield m


def places(pack: RulePack) -> Places:
    """The words that a pack's mails are searched for."""
    return per_pack("environment", pack, _places)


def _places(pack: RulePack) -> Places:
    values: dict[str, str] = {}
    for table in (WORDY, PLAIN):
        for value, terms in table.items():
            values.update(dict.fromkeys(terms, value))
    built_in = frozenset(values)
    rule = pack.fields.get("environment")
    for value, phrases in (rule.values if rule else {}).items():
        for terms in phrases.values():
            values.update(dict.fromkeys((fold(t) for t in terms), value))
    listed = [word for word in values if word in built_in or not word.startswith(("em ", "en ", "in "))]
    words = "|".join(re.escape(word) for word in sorted(listed, key=len, reverse=True))
    first = frozenset(m[0] for word in listed if (m := _WORD.match(word)))
    return Places(re.compile(rf"{_EDGE}({words}){_END}"), values, first)


def value_of(word: str, pack: RulePack) -> str | None:
    """What a folded word or two say of the place; None when they name none."""
    return places(pack).values.get(word)


def kind_of(word: str) -> str:
    """The place that a built-in word names, or ""."""
    return next((v for table in (PLAIN, WORDY) for v, terms in table.items() if word in terms), "")


DOTTED = re.compile(r"\.[\w-]")  # in the name of every host
HOST = re.compile(r"(?<![\w.@-])[a-z0-9][\w-]*(?:\.[\w-]+)+")
HOST_WORDS = {
    **dict.fromkeys(
        ("hml", "hmg", "homolog", "homologacao", "staging", "stg", "test", "teste", "qa", "uat", "preprod"), "test"
    ),
    **dict.fromkeys(("sandbox", "sbx", "dev", "desenv"), "other"),
    **dict.fromkeys(("prod", "prd"), "production"),
}
LOG_TAG = re.compile(  # of a log line: "INFO [prd]", "ERROR prod sync-orders", "env=hml"
    r"(?:\[|\b(?:env|environment|ambiente|entorno|profile)[\"']?\s?[=:]\s?[\"']?"
    r"|\b(?:error|warn|warning|info|fatal|debug)\s)"
    rf"(?P<place>{'|'.join(HOST_WORDS)})(?![\w.-])"
)
