"""The demo as a newcomer runs it: exit code 0, a story, and every sent mail as a file."""

from __future__ import annotations

import subprocess
import sys
from email import message_from_bytes, policy
from pathlib import Path

import pytest


@pytest.mark.timeout(180)
def test_the_demo_tells_its_story_and_leaves_every_sent_mail_behind(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-c",
        "from mailbot.cli.main import main; main()",
        "demo",
        "--out",
        str(tmp_path / "out"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=150, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    told = " ".join(done.stdout.split())
    assert "12 mails in, 9 tickets, 11 replies to customers" in told
    assert "1 out-of-office left alone" in told
    assert "chat_id: 215470311984" in told  # Lucía's bare answer
    assert "second copy" in told  # the mail to both addresses
    mails = [
        message_from_bytes(p.read_bytes(), policy=policy.default) for p in (tmp_path / "out" / "sent").glob("*.eml")
    ]
    to_customers = [m for m in mails if "integra.example" not in str(m["To"])]
    assert len(to_customers) == 11
    assert all(m["Auto-Submitted"] == "auto-replied" for m in to_customers)
    assert all(m["X-Auto-Response-Suppress"] == "All" for m in to_customers)
    assert {m.get_content_type() for m in to_customers} == {"multipart/alternative"}
    lucia = [m for m in to_customers if "lucia.fernandez" in str(m["To"])]
    assert any("Hola" in m.get_body(("plain",)).get_content() for m in lucia)  # type: ignore[union-attr]
