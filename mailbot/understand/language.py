"""The language of a customer's own words. Built for short mails full of jargon: code, logs, quotes and names are left out.

In: a `Doc` and the languages' common words. Out: a `Guess`. A bare value ("PROD", "é o 2154…") says nothing of its own:
the ticket's language stands.
"""

from __future__ import annotations

from mailbot.rules.pack import RulePack
from mailbot.understand.doc import Doc
from mailbot.understand.facts import Context, Guess

_WORDS = {
    "pt": "de que o a os as um uma nao em para com por mais mas como da do dos das no na ao esta está foi ser tem ja já você voce voces nos nosso nossa isso este bom dia boa tarde obrigado obrigada ola oi pessoal prezados segue ontem hoje e é é ou sem quando ainda pode podem fazer preciso favor".split(),
    "en": "the of and to in is it that for on with as are this be at by not we our you your have has from or an was were can please thanks hi hello would could which but since yesterday today there been do does i'm i it's".split(),
    "es": "de que el la los las un una no en para con por mas pero como del al esta está fue ser tiene ya usted ustedes nos nuestro nuestra esto este buenos dias buenas tardes gracias hola equipo estimados ayer hoy y o sin cuando todavia puede pueden hacer necesito favor".split(),
}


def guess(doc: Doc, pack: RulePack, context: Context) -> Guess:
    """The language of the new text; the ticket's where the text is too short to tell."""
    words = doc.prose.split()
    scores = {name: float(sum(w.strip(".,;:!?()") in common for w in words)) for name, common in _WORDS.items()}
    best = max(scores, key=lambda name: scores[name])
    if scores[best] < 2 and context.language:
        return Guess(context.language, "too short to tell: the ticket's language", 0.5, scores)
    return Guess(best if scores[best] else context.language or pack.default_language, "common words", 0.9, scores)
