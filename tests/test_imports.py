"""Guards the rooms: a room imports earlier rooms, `rules` and `errors` only, and provider words stop at the wire."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent / "mailbot"
ORDER = ["message", "tickets", "understand", "decide", "reply", "store", "inbound", "outbound"]
ALWAYS = {"errors", "rules"}
SEES_ALL = {"pipeline", "house", "reading", "runtime", "web", "cli", "demo", "settings", "__main__", "replay"}
PURE = {"message", "tickets", "understand", "decide", "reply", "rules"}
AT_ONE_DOOR = {
    "imapclient": {"inbound/imap.py", "inbound/idle.py"},
    "smtplib": {"outbound/smtp.py"},
    "mailparser": {"message/parse.py"},
}
IMPURE = {"socket", "smtplib", "imapclient", "sqlalchemy", "sqlmodel", "httpx", "requests", "subprocess"}


def modules() -> list[Path]:
    return sorted(ROOT.rglob("*.py"))


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_a_room_imports_earlier_rooms_only(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0].removesuffix(".py")
    if room in SEES_ALL or room == "__init__":
        return
    allowed = set(ALWAYS) | {room}
    if room in ORDER:
        allowed |= set(ORDER[: ORDER.index(room)])
    seen = {name.split(".")[1] for name in imported(path) if name.startswith("mailbot.") and name.count(".")}
    assert seen <= allowed, f"{room} must not import {sorted(seen - allowed)}"


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_provider_words_stop_at_the_wire(path: Path) -> None:
    place = path.relative_to(ROOT).as_posix()
    if place.startswith("demo/"):
        return
    for package, doors in AT_ONE_DOOR.items():
        if any(name == package or name.startswith(package + ".") for name in imported(path)):
            assert place in doors, f"{package} may be imported in {sorted(doors)} only"


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_pure_rooms_touch_no_network_and_no_database(path: Path) -> None:
    if path.relative_to(ROOT).parts[0] in PURE:
        tops = {name.split(".")[0] for name in imported(path)}
        assert not tops & IMPURE
