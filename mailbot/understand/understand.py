"""The room's one entry: a mail becomes facts.

In: the parsed mail, its lines told apart, the rule pack, what is known of the ticket. Out: `Facts`, with a reason or
the words for everything. Pure: the same input gives the same facts in production, replay, explain and tests.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from mailbot.message.model import Line, Message
from mailbot.rules.pack import RulePack
from mailbot.tickets.model import FieldValue
from mailbot.understand import answers, kind, language, policy, priority, signals
from mailbot.understand.doc import Doc, build
from mailbot.understand.facts import Context, Facts, Found, Rejected
from mailbot.understand.fields import FINDERS, identifiers
from mailbot.understand.fields.labelled import DECLINED
from mailbot.understand.fields.own import with_values
from mailbot.understand.model.around import setting

EXPLICIT = 0.8  # confidence from which a later mail's value replaces an earlier one


def understand(message: Message, lines: Sequence[Line], pack: RulePack, context: Context) -> Facts:
    """Everything that one mail says, merged with what the ticket held before."""
    doc = build(message, lines, setting(pack.name, context.role, bool(context.heard)))
    tongue = language.guess(doc, pack, context)
    found, rejected, declined = read(doc, lines, pack, context)
    fields, changed = merge(context, found, message.message_id)
    values = {name: value.value for name, value in fields.items()}
    earlier = [signals.of_text(text, pack, number, context.role) for number, text in enumerate(context.heard)]
    latest = signals.of_mail(doc, pack, len(earlier))
    now = signals.together([latest])
    heard = kind.Heard(signals.together([*earlier, latest]) if earlier else now, signals.together(earlier), now)
    what = kind.guess(heard, values, pack, context)
    if more := _told_by_kind(doc, pack, context, what.value, {**values, **declined}):
        found += more
        fields, changed = merge(context, found, message.message_id)
        values = {name: value.value for name, value in fields.items()}
    return Facts(
        language=tongue,
        kind=what,
        priority=priority.guess(heard.all, values, what.value, pack, context),
        fields=fields,
        declined={name: words for name, words in {**context.declined, **declined}.items() if name not in fields},
        found=tuple(found),
        rejected=tuple(rejected),
        changed=changed,
        wants_escalation=policy.wants("wants_escalation", heard.now, values, pack, context.role),
        wants_status=policy.wants("wants_status", heard.now, values, pack, context.role),
        new_text=doc.text.strip(),
    )


def read(
    doc: Doc, lines: Sequence[Line], pack: RulePack, context: Context
) -> tuple[list[Found], list[Rejected], Mapping[str, str]]:
    """What this mail gives, what only looked like it, and what it declines: the answers first, then the finders."""
    found, declined, used = answers.read(doc, lines, pack, context)
    rejected: list[Rejected] = []
    rest = doc.without(used) if used else doc
    for finder in FINDERS:
        for item in finder(rest, pack, context):
            if isinstance(item, Found):
                found.append(item)
                continue
            rejected.append(item)
            if item.why == DECLINED:
                declined.setdefault(item.field, item.text)
    return with_values(found, rest, pack), rejected, declined


def _told_by_kind(
    doc: Doc, pack: RulePack, context: Context, kind_: str | None, settled: Mapping[str, str]
) -> list[Found]:
    """What is told only by the kind that the mail turned out to be: in an escalation, a number that stands alone is the
    chat's, whatever mailbox it came to and whether or not it says "escalate"."""
    rule = pack.kinds.get(kind_ or "")
    if rule is None or kind_ == context.kind or "chat_id" not in rule.required or "chat_id" in settled:
        return []
    looked = identifiers.chat(doc, replace(context, kind=kind_))
    return [item for item in looked if isinstance(item, Found)]


def merge(
    context: Context, found: Iterable[Found], message_id: str | None
) -> tuple[dict[str, FieldValue], tuple[str, ...]]:
    """The ticket's fields after this mail, and which of them are new or other than before.

    Within a mail the answer to a question beats a finder, then the higher confidence, then the finder that comes first.
    A field that a person has set stays. A value that the ticket holds gives way to an answer or to an explicit later
    value, never to a guess.
    """
    best: dict[str, Found] = {}
    for item in found:
        rival = best.get(item.field)
        if rival is None or (item.answer, item.confidence) > (rival.answer, rival.confidence):
            best[item.field] = item
    fields = dict(context.fields)
    changed: list[str] = []
    for name, item in best.items():
        held = fields.get(name)
        if name in context.locked or not gives_way(held, item):
            continue
        if held is None or held.value != item.value:
            changed.append(name)
        fields[name] = FieldValue(item.value, item.evidence.text, item.finder, item.confidence, message_id)
    return fields, tuple(changed)


def gives_way(held: FieldValue | None, item: Found) -> bool:
    """Whether a held value is replaced by one of a later mail."""
    if held is None or item.answer:
        return True
    return held.value != item.value and item.confidence >= max(held.confidence, EXPLICIT)
