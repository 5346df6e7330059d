"""`mailbot explain`: one mail with every found value marked, its finder, what was not taken and why, the decision."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from mailbot.cli.common import AsJson, console, print_json, table
from mailbot.cli.replay import PackName, RulesDir, TemplatesDir, templates_folder
from mailbot.errors import PermanentError

if TYPE_CHECKING:
    from mailbot.decide.actions import Decision
    from mailbot.pipeline import Understood

COLOURS = ("black on bright_yellow", "black on bright_green", "black on bright_cyan", "black on bright_magenta",
           "white on blue", "black on bright_red")  # fmt: skip
FOLDED = {"quoted", "ours", "attribution", "forward-header", "signature", "disclaimer"}


def register(app: typer.Typer) -> None:
    app.command()(explain)


def explain(
    mail: Annotated[Path, typer.Argument(help="One mail, as an .eml file.")],
    pack: PackName = "digibee",
    rules: RulesDir = None,
    templates: TemplatesDir = None,
    as_json: AsJson = False,
) -> None:
    """What was understood from one mail, with the words it came from, and what would be done. Nothing is sent.

    Example: mailbot explain mail.eml --pack api-operations
    """
    from mailbot.replay import explain as read
    from mailbot.rules.pack import load_packs
    from mailbot.settings import shipped

    if not mail.is_file():
        raise PermanentError("no such file", where=str(mail), mend="name one .eml file")
    packs = load_packs(rules or shipped("rules"))
    understood, decision = read(mail.read_bytes(), packs, pack, templates_folder(templates))
    if as_json:
        print_json(_as_json(understood, decision))
        return
    _show(understood, decision)


def _as_json(read: Understood, decision: Decision) -> dict[str, Any]:
    facts = read.facts
    return {
        "message_id": read.message.message_id,
        "automated": read.message.automated and str(read.message.automated.kind),
        "match": read.match.reason,
        "language": _guess(facts.language),
        "kind": _guess(facts.kind),
        "priority": _guess(facts.priority),
        "found": [
            {
                "field": f.field,
                "value": f.value,
                "evidence": f.evidence.text,
                "finder": f.finder,
                "confidence": f.confidence,
            }
            for f in facts.found
        ],
        "rejected": [{"field": r.field, "text": r.text, "finder": r.finder, "why": r.why} for r in facts.rejected],
        "declined": dict(facts.declined),
        "missing": list(decision.missing),
        "decision": decision.reason,
        "actions": [{"what": type(a).__name__, "reason": getattr(a, "reason", "")} for a in decision.actions],
        "defects": [{"code": d.code, "detail": d.detail} for d in read.message.defects],
        "lines": [{"part": str(line.part), "text": line.raw} for line in read.lines],
    }


def _guess(guess: Any) -> dict[str, Any]:
    return {"value": guess.value, "reason": guess.reason, "scores": dict(guess.scores)}


def marked(read: Understood) -> Text:
    """The mail's text: found values in colour, folded parts (quotes, signatures) dim, nothing left out."""
    text = Text(read.message.text)
    for line in read.lines:
        if str(line.part) in FOLDED:
            text.stylize("dim", line.start, line.end)
    fields = list(dict.fromkeys(f.field for f in read.facts.found))
    for found in read.facts.found:
        if found.evidence.source == "body" and found.evidence.start >= 0:
            colour = COLOURS[fields.index(found.field) % len(COLOURS)]
            text.stylize(colour, found.evidence.start, found.evidence.end)
    return text


def _show(read: Understood, decision: Decision) -> None:
    out, facts, message = console(), read.facts, read.message
    sender = ", ".join(f"{a.name} <{a.address}>" for a in message.from_) or "nobody"
    out.print(Text(f"From {sender}\nSubject {message.subject}\nDate {message.date.isoformat()}", style="bold"))
    out.print()
    out.print(marked(read))
    out.print()
    if message.automated:
        out.print(Text(f"automated: {message.automated.kind} ({message.automated.reason})", style="bold"))
    if facts.found:
        fields = list(dict.fromkeys(f.field for f in facts.found))
        made = table("Found", ["field", "value", "the words", "finder", "sure"], ())
        for f in facts.found:
            colour = COLOURS[fields.index(f.field) % len(COLOURS)]
            words = f.evidence.text if f.evidence.source == "body" else f"{f.evidence.text} ({f.evidence.source})"
            made.add_row(
                Text(f.field, style=colour), Text(f.value), Text(words[:200]), Text(f.finder), f"{f.confidence:.2f}"
            )
        out.print(made)
    if facts.rejected:
        out.print(table("Not taken", ["field", "text", "finder", "why"],
                        ([r.field, r.text[:80], r.finder, r.why] for r in facts.rejected)))  # fmt: skip
    if facts.declined:
        out.print(table("Said not to have", ["field", "the words"], facts.declined.items()))
    rows = []
    for name in ("language", "kind", "priority"):
        guess = getattr(facts, name)
        scores = ", ".join(f"{k} {v:.2f}" for k, v in sorted(guess.scores.items(), key=lambda kv: -kv[1])[:4])
        rows.append([name, guess.value, guess.reason, scores])
    out.print(table("Understood", ["", "", "because", "scores"], rows))
    if message.defects:
        out.print(table("Read around", ["defect", "detail"], ([d.code, d.detail] for d in message.defects)))
    out.print(table("Decided", ["action", "because"], (
        [_action(a), getattr(a, "reason", "") or getattr(a, "text", "")] for a in decision.actions
    )))  # fmt: skip
    out.print(Text(f"ticket: {read.match.reason}. {decision.reason}"))


def _action(action: Any) -> str:
    from mailbot.decide.actions import Send

    if isinstance(action, Send):
        asked = f", asks {', '.join(action.ask)}" if action.ask else ""
        return f"mail {action.template} to {action.audience} {', '.join(action.to)}{asked}"
    return type(action).__name__
