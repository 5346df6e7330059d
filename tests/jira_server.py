"""A Jira on loopback, as far as mailbot reads one: Data Center and Cloud, paging, logins, and all that goes wrong.

Answers as the REST API version 2 does (developer.atlassian.com): `serverInfo`, `myself`, `field`, `issue/KEY`, `search`
with `startAt`/`maxResults`/`total`, and Cloud's `search/jql` with `nextPageToken`. A search that names a card that does
not exist fails with 400 where it is validated, as Cloud always does; a card that was moved answers to its old key.
"""

from __future__ import annotations

import base64
import json
import re
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

ABSENT = "Issue does not exist or you do not have permission to see it."


@dataclass
class FakeJira:
    """Start it with `with`. `cards`: key → status; `moved`: old key → new one."""

    cards: dict[str, str] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)  # keys that a search leaves out and that alone are answered by a 403
    cloud: bool = False
    username: str = ""  # "": a personal access token, as Data Center takes it
    token: str = "s3cret"
    most: int = 3  # cards in one page, whatever was asked for
    status: int = 0  # answers everything with this
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None  # of every answer, whatever it is
    slow: float = 0.0  # seconds before each answer
    hang_up: bool = False
    asked: list[str] = field(default_factory=list)  # paths, in order

    def __enter__(self) -> FakeJira:
        jira = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                jira.answer(self)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/jira"

    @property
    def searches(self) -> list[str]:
        return [path for path in self.asked if "/search" in path]

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        url = urlsplit(request.path)
        self.asked.append(request.path)
        if self.slow:
            time.sleep(self.slow)
        if self.hang_up:
            request.close_connection = True
            request.connection.close()
            return
        if self.status:
            return self._send(request, self.status, {"errorMessages": ["Something is wrong"], "errors": {}})
        if not self._let_in(request):
            return self._send(request, 401, {"message": "Client must be authenticated to access this resource."})
        place = url.path.removeprefix("/jira/rest/api/2/")
        asked = {name: values[0] for name, values in parse_qs(url.query).items()}
        if place == "serverInfo":
            kind = "Cloud" if self.cloud else "Server"
            told = {"version": "9.12.0", "versionNumbers": [9, 12, 0], "deploymentType": kind, "serverTitle": "Cards"}
            return self._send(request, 200, told)
        if place == "myself":
            return self._send(request, 200, {"name": "mailbot", "displayName": "Mail Bot"})
        if place == "field":
            return self._send(request, 200, [{"id": "status", "name": "Status", "clauseNames": ["status"]}])
        if place.startswith("issue/"):
            key = unquote(place.removeprefix("issue/"))
            key = self.moved.get(key, key)
            if key in self.closed:
                return self._send(request, 403, {"errorMessages": ["You may not see this."], "errors": {}})
            if key in self.cards:
                return self._send(request, 200, self._issue(key))
            return self._send(request, 404, {"errorMessages": [ABSENT], "errors": {}})
        if place == "search/jql" and self.cloud:
            return self._search(request, asked, checked=True)
        if place == "search":
            if self.cloud:  # taken away in 2025
                return self._send(request, 410, {"errorMessages": ["The requested API has been removed."]})
            return self._search(
                request, asked, checked=asked.get("validateQuery", "true").lower() in ("true", "strict")
            )
        return self._send(request, 404, {"errorMessages": [f"no such resource: {place}"]})

    def _let_in(self, request: BaseHTTPRequestHandler) -> bool:
        given = request.headers.get("Authorization", "")
        if self.username:
            pair = base64.b64encode(f"{self.username}:{self.token}".encode()).decode()
            return given == f"Basic {pair}"
        return given == f"Bearer {self.token}"

    def _search(self, request: BaseHTTPRequestHandler, asked: dict[str, str], *, checked: bool) -> None:
        named = re.fullmatch(r"key in \(([A-Z0-9_, -]+)\)", asked["jql"])
        assert named, asked["jql"]
        keys = [key.strip() for key in named[1].split(",")]
        real = [self.moved.get(key, key) for key in keys]
        absent = [key for key in real if key not in self.cards and key not in self.closed]
        if absent and checked:
            said = [f"An issue with key '{key}' does not exist for field 'key'." for key in absent]
            return self._send(request, 400, {"errorMessages": said, "errors": {}})
        found = sorted({key for key in real if key in self.cards})
        size = min(self.most, int(asked.get("maxResults", 50)))
        start = int(asked.get("nextPageToken", asked.get("startAt", 0)))
        page = found[start : start + size]
        answer: dict[str, Any] = {"issues": [self._issue(key) for key in page]}
        if self.cloud:
            answer["isLast"] = start + size >= len(found)
            if not answer["isLast"]:
                answer["nextPageToken"] = str(start + size)
        else:
            answer |= {"startAt": start, "maxResults": size, "total": len(found)}
        return self._send(request, 200, answer)

    def _issue(self, key: str) -> dict[str, Any]:
        return {
            "id": str(10000 + sum(key.encode())), "key": key, "self": f"{self.url}/rest/api/2/issue/{key}",
            "fields": {"status": {"name": self.cards[key], "id": "3", "statusCategory": {"key": "indeterminate"}}},
        }  # fmt: skip

    def _send(self, request: BaseHTTPRequestHandler, status: int, answer: object) -> None:
        body = self.body if self.body is not None else json.dumps(answer).encode()
        request.send_response(status)
        request.send_header("Content-Type", "application/json;charset=UTF-8")
        request.send_header("Content-Length", str(len(body)))
        for name, value in self.headers.items():
            request.send_header(name, value)
        request.end_headers()
        with suppress(OSError):  # who asked did not wait
            request.wfile.write(body)
