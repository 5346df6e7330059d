"""Speed and memory: 1,000 mails from a real Dovecot to stored tickets to replies accepted by an SMTP sink, one process.

    python benchmarks/speed.py [--n 1000] [--runs 3] [--database sqlite|postgresql://...]

The corpus, Dovecot and the sink are those of ../shared/bench (needed, with dovecot-imapd). Each run starts from an
empty database and reset mailboxes, runs `mailbot run --until-idle` as a user would, and is timed from its start to its
end, start-up of the process included. Prints one line a run: seconds, mails/s, peak memory, tickets, replies.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BENCH = ROOT.parent / "shared" / "bench"
DIRECTORY = ROOT / "mailbot" / "demo" / "directory.yaml"


def environment(place: Path, database: str) -> dict[str, str]:
    made = dict(os.environ)
    made.pop("PYTHONDONTWRITEBYTECODE", None)  # a user's modules are compiled once, not at each start
    made |= {
        "MAILBOT_DATABASE_URL": database,
        "MAILBOT_BLOBS_URL": f"file://{place / 'blobs'}",
        "MAILBOT_DIRECTORY": str(DIRECTORY),
        "MAILBOT_FIRST_RUN": "beginning",
        "MAILBOT_SMTP__HOST": "127.0.0.1",
        "MAILBOT_SMTP__PORT": "10025",
        "MAILBOT_SMTP__SECURITY": "plain",
        "MAILBOT_LOG_LEVEL": "warning",
        # a thousand mails of a few made-up domains within seconds: the budgets per domain would rightly hold them back
        "MAILBOT_LIMITS__PER_DOMAIN_HOUR": "1000000",
        "MAILBOT_LIMITS__PER_ADDRESS_HOUR": "1000",
        "MAILBOT_LIMITS__PER_ADDRESS_DAY": "1000",
        "MAILBOT_LIMITS__PER_TICKET_DAY": "1000",
        "MAILBOT_LIMITS__BREAKER_REPLIES": "1000000",
    }
    for user in ("support", "escalate"):
        box = f"MAILBOT_MAILBOXES__{user.upper()}__"
        address = "support@bench.example" if user == "support" else "support.escalate@bench.example"
        made |= {
            box + "ADDRESS": address,
            box + "ROLE": user,
            box + "PACK": "digibee",
            box + "HOST": "127.0.0.1",
            box + "PORT": "10143",
            box + "SECURITY": "plain",
            box + "USERNAME": user,
            box + "PASSWORD": "bench",
        }
    return made


def high_water(pid: int) -> int:
    """Peak resident memory of a process in KiB (VmHWM); 0 once it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")), 0)


def run_once(place: Path, corpus: Path, n: int, database: str | None) -> dict[str, float]:
    subprocess.run([BENCH / "dovecot.sh", "reset", corpus, str(n)], check=True, stdout=subprocess.DEVNULL,
                   env=dict(os.environ, BENCH_DIR=str(place / "dovecot")))  # fmt: skip
    for old in place.glob("mailbot.db*"):
        old.unlink()
    shutil.rmtree(place / "blobs", ignore_errors=True)
    log = place / "sink.log"
    log.write_text("")
    sink = subprocess.Popen([sys.executable, BENCH / "sink.py", "--port", "10025", "--log", log])
    time.sleep(1)
    env = environment(place, database or f"sqlite:///{place / 'mailbot.db'}")
    command = [Path(sys.executable).with_name("mailbot"), "run", "--until-idle"]
    begun, peak = time.monotonic(), 0
    process = subprocess.Popen(command, env=env, cwd=place)
    while process.poll() is None:
        peak = max(peak, high_water(process.pid))
        time.sleep(0.02)
    seconds = time.monotonic() - begun
    sink.terminate()
    sink.wait()
    accepted = [json.loads(line) for line in log.read_text().splitlines()]
    shown = subprocess.run([command[0], "tickets", "list", "--json", "--limit", "10000"],
                           env=env, cwd=place, check=True, capture_output=True, text=True)  # fmt: skip
    return {
        "exit": process.returncode,
        "seconds": round(seconds, 2),
        "mails_per_second": round(n / seconds, 1),
        "peak_mb": round(peak / 1024, 1),
        "tickets": len(json.loads(shown.stdout)),
        "accepted": len(accepted),
        "to_customers": sum("integra.example" not in a["to"][0] for a in accepted),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--n", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--database")
    options = parser.parse_args()
    if not BENCH.is_dir() or not (shutil.which("dovecot") or Path("/usr/sbin/dovecot").exists()):
        print("needs ../shared/bench and Debian's dovecot-imapd", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="mailbot-bench-") as name:
        place = Path(name)
        place.chmod(0o755)
        corpus = place / "corpus"
        subprocess.run([sys.executable, BENCH / "make_corpus.py", "gen", "--n", str(options.n), "--seed",
                        str(options.seed), "--out", corpus], check=True)  # fmt: skip
        env = dict(os.environ, BENCH_DIR=str(place / "dovecot"))
        subprocess.run([BENCH / "dovecot.sh", "start"], check=True, env=env)
        rates = []
        try:
            for _ in range(options.runs):
                result = run_once(place, corpus, options.n, options.database)
                rates.append(result["mails_per_second"])
                print(json.dumps(result))
        finally:
            subprocess.run([BENCH / "dovecot.sh", "stop"], check=False, env=env)
        print(f"median {statistics.median(rates)} mails/s of {options.runs} runs")
    return 0


if __name__ == "__main__":
    sys.exit(main())
