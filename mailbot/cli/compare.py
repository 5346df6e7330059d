"""`mailbot replay ARCHIVE --compare OLD_RULES`: what a change of rules would change, mail by mail."""

from __future__ import annotations

from typing import Any

from mailbot.cli.common import console, print_json, table

WATCHED = ("ticket", "language", "kind", "priority", "missing", "declined")


def differences(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One entry per mail that is read otherwise: {message_id, changes: {what: [before, after]}}."""
    found = []
    for before, after in zip(old, new, strict=True):
        changes: dict[str, list[Any]] = {
            key: [before.get(key), after.get(key)] for key in WATCHED if before.get(key) != after.get(key)
        }
        was, now = (
            {name: held["value"] for name, held in answer.get("fields", {}).items()} for answer in (before, after)
        )
        changes |= {
            f"field {name}": [was.get(name), now.get(name)]
            for name in sorted({*was, *now})
            if was.get(name) != now.get(name)
        }
        replies = [[a["template"] for a in answer["actions"]] for answer in (before, after)]
        if replies[0] != replies[1]:
            changes["mails"] = replies
        if changes:
            found.append({"message_id": after["message_id"], "place": after.get("place"), "changes": changes})
    return found


def show(old: list[dict[str, Any]], new: list[dict[str, Any]], as_json: bool) -> None:
    found = differences(old, new)
    if as_json:
        print_json(found)
        return
    rows = [
        [entry["place"], what, "" if pair[0] is None else pair[0], "" if pair[1] is None else pair[1]]
        for entry in found
        for what, pair in entry["changes"].items()
    ]
    out = console()
    if rows:
        out.print(table("", ["mail", "what", "with the old rules", "with the new ones"], rows))
    out.print(f"{len(found)} of {len(new)} mails are read otherwise.")
