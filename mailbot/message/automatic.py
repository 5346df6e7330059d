"""Was a mail sent by a machine? In: what is seen of it (`Seen`). Out: the class and the check that said so, or None.

CHECKS is the whole policy, in order: the first that answers wins. One weak sign is never enough to be silent towards a
person: a mailing list in front of support, an unsubscribe footer of a gateway or `Auto-Submitted: no` are people.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from mailbot.message.bounce import Kind, Report
from mailbot.message.mime import Entity
from mailbot.message.model import Automated, AutomatedClass

AUTO, BOUNCE, BULK = AutomatedClass.AUTO_REPLY, AutomatedClass.BOUNCE, AutomatedClass.BULK
Headers = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Seen:
    """A mail as the checks see it."""

    headers: Headers
    text: str
    report: Report
    own: bool
    calendar: str  # METHOD of a text/calendar part, upper case; "" when there is none

    @classmethod
    def of(
        cls,
        tree: Entity,
        raw: bytes,
        headers: Headers,
        text: str,
        report: Report,
        own: Callable[[Headers], bool] | None,
    ) -> Seen:
        return cls(headers, text[:8000], report, bool(own and own(headers)), _calendar_method(tree, raw))

    def one(self, name: str) -> str:
        values = self.headers.get(name)
        return values[0] if values else ""

    def words(self, name: str) -> str:
        """All values of a field in lower case."""
        return " ".join(self.headers.get(name, ())).lower()

    @cached_property
    def local(self) -> str:
        """The sender's address before the @."""
        found = re.search(r"([\w.+=%-]+)@", self.one("from"))
        return found.group(1).lower() if found else ""

    @cached_property
    def takes_no_answer(self) -> bool:
        """A no-reply sender that names no other address for answers."""
        return takes_no_answer(self.local) and takes_no_answer(self.one("reply-to") or self.local)


_NO_REPLY = re.compile(
    r"(?i)(?:^|[._+-])(?:no|not|do-?not|nao|n[ãa]o|donot)[._-]?(?:reply|replies|responder?|responda|resp|contest\w*)"
    r"|^(?:noreply|naoresponda|naoresponder)"
)
_AUTO_HEADER = re.compile(
    r"^(?:x-)?(?:auto[-_]?(?:reply|replied|response|respond(?:er)?|generated|submitted)(?:-from)?|mail-autoreply"
    r"|vacation|holidayreply|"
    r"fc-machinegenerated|autoreply-from|amazon-auto-reply)$"
)
_NEGATIVE = frozenset({"", "no", "false", "0", "none", "off"})
_AWAY_SUBJECT = re.compile(
    r"(?i)^\W{0,4}(?:"
    r"(?:automatic|automated|auto)[ -]?(?:reply|response|responder)|autoreply|auto(?:matic)? response"
    r"|out[ -]of[ -](?:the[ -])?office|ooo\b|vacation(?: reply)?|"
    r"away from (?:the |my )?(?:office|desk)|"
    r"resposta autom[áa]tica|aviso de aus[êe]ncia|aus[êe]ncia(?: tempor[áa]ria| do escrit[óo]rio)?"
    r"|fora do escrit[óo]rio|ausente|em f[ée]rias|f[ée]rias|"
    r"respuesta autom[áa]tica|contestaci[óo]n autom[áa]tica|fuera de (?:la )?oficina|ausencia|estoy (?:fuera"
    r"|de vacaciones)|vacaciones|"
    r"automatische antwort|abwesenheit\w*|réponse automatique|absence du bureau|absent|risposta automatica"
    r"|fuori (?:sede|ufficio)|"
    r"automatisch antwoord|afwezig\w*|autosvar|automatisk (?:svar|besked)|fr[åa]nvaro\w*|frav[æe]r\w*"
    r"|automaattinen vastaus|"
    r"odpowied[źz] automatyczna|automatick[áa] odpov[ěe][ďd]|автоответ|автоматический ответ"
    r"|自動応答|自动(?:回复|答复)|자동 ?회신"
    r"|otomatik yan[ıi]t"
    r")(?P<colon>\s*[:\-\u2013(\[]|\s*$)"
)
_AWAY_TEXT = re.compile(
    r"(?i)out of (?:the )?office|(?:on|away on|currently on) (?:vacation|holiday|annual leave|leave|parental"
    r"|maternity)|(?:am|be|currently) away|"
    r"limited access to (?:my )?e-?mail|(?:will|'ll) (?:be back|return|respond (?:when|upon|on)|get back)|"
    r"(?:estou|estarei|encontro-me|est[áa]|estaremos) (?:\w+ )?(?:ausente|fora|de f[ée]rias|em f[ée]rias"
    r"|de licen[çc]a|em licen[çc]a|em viagem|afastad)|"
    r"(?:retorno|retornarei|voltarei|volto) (?:em|no dia|dia|ao|às|aos)|acesso limitado (?:ao|a) (?:meu )?e-?mail|"
    r"(?:estoy|estar[ée]|me encuentro|estaremos) (?:\w+ )?(?:ausente|fuera|de vacaciones|de licencia|de viaje"
    r"|de permiso)|regres(?:o|ar[ée]) (?:el|a)|"
    r"(?:vuelvo|volver[ée]) (?:el|a)|acceso limitado|"
    r"abwesend|nicht im (?:büro|hause)|absent|en congé|fuori ufficio"
    r"|in ferie"
)
_SAYS_SO = re.compile(
    r"(?i)(?:esta|este|this|isto|esto) (?:é|e|is|es|foi|fue) (?:uma? |una? |an? )?(?:mensagem|resposta|mensaje"
    r"|respuesta|e-?mail|correo)? ?(?:autom[áa]tic|automat|gerad|generad)"
)
_ACKNOWLEDGED = re.compile(
    r"(?i)(?:recebemos (?:a |o )?(?:su|seu)|recibimos (?:su|tu)|hemos recibido|we(?:'ve| have)? received your"
    r"|thank you for (?:contacting|your (?:message|request|e-?mail))|"
    r"(?:chamado|ticket|solicita[çc][ãa]o|solicitud|caso|incidente|request|case|requerimiento|protocolo"
    r"|folio)\b.{0,60}\b(?:foi |fue |ha sido |has been |was |est[áa] )?"
    r"(?:abert|criad|registrad|recebid|abiert|cread|recibid|opened|created|registered|received|logged|assigned))"
)
_NO_ANSWER_TEXT = re.compile(
    r"(?i)n[ãa]o responda|favor n[ãa]o responder|n[ãa]o (?:é|e) monitorad|do not (?:reply|respond)|not monitored"
    r"|unmonitored|no responda|no responder|"
    r"no es monitoread|(?:mensagem|e-?mail|mensaje|correo|message) (?:gerad|enviad|autom|generad)\w*"
    r"|automat(?:ically|ed)|autom[áa]tic"
)
_CAMPAIGN_HEADER = re.compile(
    r"^(?:feedback-id|x-campaign.*|x-mailgun-.*|x-sg-e?id|x-mc-user|x-csa-complaints|x-mailchimp.*|x-sfmc.*|x-hs-.*"
    r"|x-marketo.*|x-mktmailds|"
    r"x-cmail.*|x-roving.*|x-mailer-recptid|x-rdstation.*|x-emarsys.*|x-sib.*|x-mailjet-campaign|x-campaignid"
    r"|list-unsubscribe-post|x-report-abuse.*)$"
)
_CAMPAIGN_SENDER = re.compile(
    r"^(?:news(?:letter)?s?|marketing|promo\w*|campanhas?|comunica(?:cao|do)s?|ofertas|info-?mail|mailing|updates"
    r"|digest|boletin|boletim)\b"
)
_UNSUBSCRIBE = re.compile(
    r"(?i)unsubscribe|opt[- ]out|manage (?:your )?(?:e-?mail )?preferences|view (?:this|it|the) .{0,20}(?:browser"
    r"|online)|"
    r"cancelar (?:a )?(?:inscri[çc][ãa]o|assinatura|suscripci[óo]n)|descadastr|descadastre|n[ãa]o (?:quer"
    r"|deseja) (?:mais )?receber|"
    r"darse de baja|dar(?:te)? de baja|anular (?:la )?suscripci[óo]n|ya no (?:quiere|desea) recibir|"
    r"(?:recebe|recebendo|receiving|recibe|recibiendo) (?:este|esta|this) (?:e-?mail|mensagem|correo"
    r"|mensaje) (?:porque|because)"
)
_LOOP_HEADERS = ("x-mailbot-loop",)


@lru_cache(maxsize=1024)  # most mails have the same few dozen fields
def _is_auto_header(name: str) -> bool:
    return _AUTO_HEADER.match(name) is not None


@lru_cache(maxsize=1024)
def _is_campaign_header(name: str) -> bool:
    return _CAMPAIGN_HEADER.match(name) is not None


def takes_no_answer(address: str) -> bool:
    """Does an address say of itself that nobody reads it ("no-reply@…")? Such a one is never written to."""
    found = re.search(r"([\w.+=%-]+)@", address)
    return _NO_REPLY.search(found.group(1) if found else address) is not None


def _calendar_method(tree: Entity, raw: bytes) -> str:
    for leaf in tree.leaves():
        if leaf.type in ("text/calendar", "application/ics"):
            method = leaf.params.get("method", "")
            if not method and (found := re.search(rb"(?im)^METHOD:([A-Z-]{3,20})", leaf.content(raw, 20_000))):
                method = found.group(1).decode("ascii")
            return method.upper() or "PUBLISH"
    return ""


# ---- the checks ----


def ours(seen: Seen) -> Automated | None:
    """A mail that we sent ourselves and that came back."""
    if seen.own:
        return Automated(AUTO, "our own mail")
    for name in _LOOP_HEADERS:
        if seen.headers.get(name):
            return Automated(AUTO, f"{name}: {seen.one(name)[:60]}")
    return None


def report(seen: Seen) -> Automated | None:
    """Delivery reports, receipts, abuse reports."""
    kind, reason = seen.report.kind, seen.report.reason
    if kind in (Kind.FAILURE, Kind.DELAY):
        if _AWAY_SUBJECT.match(seen.one("subject")) and not seen.report.recipients:
            return None
        return Automated(BOUNCE, reason)
    if kind in (Kind.SUCCESS, Kind.RECEIPT):
        return Automated(AUTO, reason)
    return Automated(BULK, reason) if kind is Kind.COMPLAINT else None


def auto_submitted(seen: Seen) -> Automated | None:
    """RFC 3834 section 5: any value but "no"."""
    for value in seen.headers.get("auto-submitted", ()):
        word = value.split(";")[0].split("(")[0].strip().lower()
        if word and word != "no":
            campaign = _campaign_signs(seen)
            if word == "auto-generated" and len(campaign) >= 2:
                return Automated(BULK, f"Auto-Submitted: {value[:40]}, {', '.join(campaign)}")
            return Automated(AUTO, f"Auto-Submitted: {value[:60]}")
    return None


def auto_header(seen: Seen) -> Automated | None:
    """X-Autoreply and its many cousins."""
    for name, values in seen.headers.items():
        if (
            name != "auto-submitted"
            and _is_auto_header(name)
            and any(v.strip().lower() not in _NEGATIVE for v in values)
        ):
            return Automated(AUTO, f"{name}: {values[0][:60]}")
    if seen.words("x-autogenerated") == "reply":
        return Automated(AUTO, "X-Autogenerated: Reply")
    if "autoresponder" in seen.words("delivered-to"):
        return Automated(AUTO, "Delivered-To: autoresponder")
    return None


def precedence(seen: Seen) -> Automated | None:
    """Only auto_reply speaks for itself: bulk and list are also put on people's mail by lists and gateways."""
    for name in ("precedence", "x-precedence"):
        if "auto" in seen.words(name):
            return Automated(AUTO, f"{name}: {seen.one(name)[:40]}")
    return None


def exchange_rule(seen: Seen) -> Automated | None:
    """Exchange's mailbox rules answer without Auto-Submitted; one that redirects a person's mail has one sign only."""
    signs = []
    if seen.headers.get("x-ms-exchange-inbox-rules-loop"):
        signs.append("X-MS-Exchange-Inbox-Rules-Loop")
    if "mailbox rules agent" in seen.words("x-ms-exchange-generated-message-source"):
        signs.append("X-MS-Exchange-Generated-Message-Source")
    if re.search(r"\ball\b|\boof\b|autoreply", seen.words("x-auto-response-suppress")):
        signs.append("X-Auto-Response-Suppress")
    if _AWAY_SUBJECT.match(seen.one("subject")):
        signs.append("subject of an absence")
    return Automated(AUTO, ", ".join(signs)) if len(signs) >= 2 else None


def calendar(seen: Seen) -> Automated | None:
    """An answer to an invitation; an invitation itself is a person's."""
    if seen.calendar in ("REPLY", "COUNTER", "DECLINECOUNTER"):
        return Automated(AUTO, f"calendar {seen.calendar}")
    return None


def absence(seen: Seen) -> Automated | None:
    """The subject of an absence note with a second sign; without one it may be a mail about automatic replies."""
    found = _AWAY_SUBJECT.match(seen.one("subject"))
    if found is None:
        return None
    answered = bool(seen.headers.get("in-reply-to") or seen.headers.get("references"))
    top = seen.text[:1500]
    if _SAYS_SO.search(top) or (_AWAY_TEXT.search(top) and (answered or len(seen.text) < 1500)):
        return Automated(AUTO, f"subject: {found.group()[:40]}, and the text of an absence")
    return None


def empty_envelope(seen: Seen) -> Automated | None:
    """A null reverse-path (RFC 5321 section 4.5.5) with a second sign: local delivery also leaves it empty."""
    values = seen.headers.get("return-path", ())
    if values and values[0].replace(" ", "") == "<>":
        weak = _weak_signs(seen)
        return Automated(AUTO, f"Return-Path: <>, {weak[0]}") if weak else None
    return None


def daemon(seen: Seen) -> Automated | None:
    if re.match(r"mailer[-_.]?daemon\b", seen.local):
        return Automated(BOUNCE, f"From: {seen.one('from')[:60]}")
    return None


def machine_notice(seen: Seen) -> Automated | None:
    """Other systems' own marks."""
    if "notification" in seen.words("x-amazon-mail-relay-type"):
        return Automated(BULK, "X-Amazon-Mail-Relay-Type: Notification")
    for name in (
        "x-github-reason",
        "x-gitlab-notificationreason",
        "x-jira-fingerprint",
        "x-linkedin-class",
        "x-facebook-notify",
    ):
        if seen.headers.get(name):
            return Automated(BULK, f"{name}: {seen.one(name)[:40]}")
    return None


def acknowledgement(seen: Seen) -> Automated | None:
    """Another desk's "we have received your request"."""
    marked = seen.headers.get("x-auto-response-suppress") or re.search(r"bulk|junk|list", seen.words("precedence"))
    if not marked and not seen.takes_no_answer:
        return None
    if not _ACKNOWLEDGED.search(f"{seen.one('subject')}\n{seen.text[:1500]}"):
        return None
    if seen.takes_no_answer:
        return Automated(AUTO, f"acknowledgement from {seen.local}@")
    if _NO_ANSWER_TEXT.search(seen.text[:4000]):
        return Automated(AUTO, "acknowledgement that takes no answer")
    return None


def bulk(seen: Seen) -> Automated | None:
    """Newsletters: several signs together. A discussion list (List-Post) or an answer to us is none."""
    if seen.headers.get("list-post") or (seen.headers.get("in-reply-to") and not seen.takes_no_answer):
        return None
    if len(_campaign_marks(seen)) < 2:  # the footer alone would not make it three
        return None
    signs = _campaign_signs(seen)
    return Automated(BULK, ", ".join(signs)) if len(signs) >= 3 else None


def no_reply(seen: Seen) -> Automated | None:
    """A sender that says in its address that it takes no answers, with a second sign."""
    if not seen.takes_no_answer:
        return None
    weak = _weak_signs(seen)
    return Automated(AUTO, f"From: {seen.local}@, {weak[0]}") if weak else None


def _weak_signs(seen: Seen) -> list[str]:
    """Each may stand on a person's mail; beside a strong sign it settles the matter."""
    signs = [
        f"{name}: {seen.one(name)[:30]}"
        for name in ("x-auto-response-suppress", "precedence", "x-loop")
        if seen.one(name)
    ]
    if _AWAY_SUBJECT.match(seen.one("subject")) or _AWAY_TEXT.search(seen.text[:1500]):
        signs.append("text of an absence")
    if _ACKNOWLEDGED.search(f"{seen.one('subject')}\n{seen.text[:1500]}"):
        signs.append("text of an acknowledgement")
    if _NO_ANSWER_TEXT.search(seen.text):
        signs.append("says that it is automatic")
    return signs + [sign for sign in _campaign_signs(seen) if not sign.startswith("From")]


def _campaign_signs(seen: Seen) -> list[str]:
    footer = ["unsubscribe footer"] if _UNSUBSCRIBE.search(seen.text) else []
    return _campaign_marks(seen) + footer


def _campaign_marks(seen: Seen) -> list[str]:
    """The signs of a campaign in the header."""
    signs = []
    if seen.headers.get("list-unsubscribe"):
        signs.append("List-Unsubscribe")
    if seen.headers.get("list-id") and not seen.headers.get("list-post"):
        signs.append("List-Id")
    if re.search(r"bulk|junk", seen.words("precedence")):
        signs.append(f"Precedence: {seen.one('precedence')[:20]}")
    signs += [name for name in seen.headers if _is_campaign_header(name)][:2]
    if seen.takes_no_answer or _CAMPAIGN_SENDER.match(seen.local):
        signs.append(f"From: {seen.local}@")
    if re.search(
        r"campaign|newsletter|phplist|mailchimp|sendy|mautic|rd ?station|dinamize|e-goi", seen.words("x-mailer")
    ):
        signs.append("X-Mailer")
    return signs


CHECKS: tuple[Callable[[Seen], Automated | None], ...] = (
    ours,
    report,
    daemon,
    auto_submitted,
    auto_header,
    precedence,
    exchange_rule,
    calendar,
    absence,
    empty_envelope,
    machine_notice,
    acknowledgement,
    bulk,
    no_reply,
)


def judge(seen: Seen) -> Automated | None:
    """The first check that knows; None: a person."""
    for check in CHECKS:
        found = check(seen)
        if found is not None:
            return found
    return None
