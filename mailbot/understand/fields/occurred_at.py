"""When it happened: of all the days and times in a mail, the one of the failure.

In: the mail. Out: one `occurred_at` as ISO local minutes or a date, or why a moment was not taken: a deadline, a plan,
when the chat was opened, until when it worked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from mailbot.rules.pack import RulePack
from mailbot.understand.dates import Moment, moments
from mailbot.understand.doc import Doc, Span
from mailbot.understand.facts import Context, Evidence, Found, Rejected
from mailbot.understand.fields.common import LIMIT, corrects, sentence

name = "occurred_at"

_FAILS = re.compile(
    # Portuguese
    r"\b(?:parou|pararam|paramos|parad[oa]s?|ca(?:iu|iram|indo|ir|imos|ido|ida)|falh\w+|erros?|quebr\w+|trav\w+"
    r"|comec(?:ou|aram|ado)|inici(?:ou|aram|ado)"
    r"|ocorr\w+|acontec\w+|morr\w+|interromp\w+|rejeit\w+|recus\w+|devolv\w+|fora|indisponi\w+|timeouts?|lent[oa]s?"
    r"|lentidao|duplic\w+|sumi\w*|bloque\w+"
    r"|(?:volt(?:ou|aram|a)|retorn(?:ou|aram|a|ando)) (?:a |com |um |o )?(?:erro|dar|falhar|cair|[45]\d\d|timeout)"
    r"|instav\w+|intermit\w+|estour\w+"
    r"|perd(?:eu|emos|eram|ido|ida|idos|idas|endo)|zerad\w+|errad[oa]s?|problemas?|incidente|pau|nenhum[a]?|ninguem"
    r"|pendente|represad\w+|pres[oa]s?|terminou|abort\w+"
    r"|atras\w+|reclam\w+|percebemos|notamos|identific\w+|detect\w+|surg\w+|aparec\w+|cortad\w+|deixou|deixaram"
    r"|degrad\w+|oscil\w+|vazi[oa]s?"
    r"|apresent\w+ (?:um |uma |o |a )?(?:err\w+|falh\w+|lentid\w+|problem\w+|instab\w+|timeout\w*|mensag\w+"
    r"|comport\w+)"
    # English
    r"|fail\w*|miss(?:ed|es)|die[ds]?|dead|down|brok\w+|stopp\w*|stops|crash\w*|errors?|fell|started|began|happen\w*"
    r"|occur\w*|outages?|reject\w*|time[ds]?[ -]?out"
    r"|stuck|hang\w*|hung|slow\w*|crawl\w*|unable|missing|lost|drop(?:ped|s|ping)\b|duplicat\w*|went (?:down|wrong"
    r"|dark|red|blank|offline|silent|dead|missing)|returns?|returned"
    r"|twice|sideways|engasg\w+|chok\w+|south|double[ds]?|skip\w*|wrong|issue"
    r"|incident|first (?:seen|noticed|one|failure)|noticed|nothing"
    r"|none|blew|choked|halted"
    r"|froze\w*|stall\w*|bounc\w*|degrad\w*|seeing|spotted|threw|throw\w*"
    r"|stopped|empty|blank|zero"
    # Spanish
    r"|ca(?:yo|yeron|ido|ida|ye\w*|e)|fall(?:o|a|an|aron|ando|as|ado|aba)|se paro|detuv\w+|deten\w+|dej(?:o|aron|a"
    r"|an|ado)|empez(?:o|aron|amos|ado)|empiez\w+|comenz(?:o|aron|amos|ado)"
    r"|suced\w+|arranc(?:o|aron)|romp\w+|rot[oa]|colg\w+|rechaz\w+|ningun\w*|nadie|perdi\w+|tron(?:o|aron)"
    r"|present\w+ (?:un |una |el |la )?(?:err\w+|fall\w+|problem\w+|lentit\w+)"
    r"|vaci[oa]s?|cero|surgi\w+|muert[oa]s?|mort[oa]s?|dos veces|doble|duas vezes|em dobro|dobrad\w+|tartaruga|virou"
    r"|devuel\w+|termin(?:o|aron|ado)|paso|saltaron|salto|salio (?:mal|con|un|el)|atorad\w+"
    r"|atasc\w+|trabad\w+|tir(?:o|ando|a) error"
    r"|[45]\d\d)\b"
)
_PAST = re.compile(
    r"\b(?:parou|pararam|caiu|cairam|falhou|falharam|deu|deram|travou|travaram|quebrou|morreu|comecou|comecaram"
    r"|iniciou|ocorreu|aconteceu|sumiu|sumiram|rejeitou|recusou|duplicou|foi|foram"
    r"|perdeu|perdemos|terminou|abortou|atrasou|surgiu|apareceu|deixou|deixaram|gerou|tivemos|houve|recebemos"
    r"|registramos|notamos|percebemos|nao \w+(?:ou|eu|iu|aram|eram|iram)"
    r"|failed|died|dropped|broke|stopped|crashed|fell|started|began|happened|occurred|rejected|timed out|hung|lost"
    r"|skipped|went|noticed|blew|froze|threw|missed|was|were|got|had|did not|didn't|never|came"
    r"|cayo|cayeron|fallo|fallaron|se paro|detuvo|detuvieron|dejo|dejaron|empezo|empezaron|comenzo|comenzaron"
    r"|ocurrio|sucedio|arranco|rompio|colgo|rechazo|trono|termino|paso|salto|salio|fue|fueron|tuvimos|hubo|recibimos"
    r"|no \w+(?:o|aron|ieron))\b"
)
_DID = re.compile(  # any verb in the past: something happened
    r"\b(?!(?:seu|meu|eleu|museu|pneu|europeu|ateu|trofeu|sou|estou|vou|dou|chapeu|ceu|veu|viu|avisaram|pediram)\b)"
    r"(?:[a-z]{2,}(?:ou|eu|iu|aram|eram|iram)|[a-z]{3,}(?:aron|ieron)|[a-z]{3,}(?<!need)(?<!indeed)(?<!ss)ed"
    r"|came|went"
    r"|landed|put|let|ran|veio|vieram|saiu|sairam|fez|fizeram|ficou|ficaram|deu|deram|foi|foram|vino|vinieron|hizo"
    r"|hicieron|dio|dieron|quedo|entro|llego|salio|genero|cargo|duplico|proceso|devolvio|mostro|cobro|borro)\b"
)
_OF_THEN = re.compile(r"\b(?:[oa]s?|l[oa]s?|el)\sd[eao]\s$")  # "los de ayer"
_STATE = re.compile(
    r"\b(?:assim|asi|like this|this way|isso|esto|continua\w*|segue|sigue|persist\w*|vem|viene\w*|has been|have been"
    r"|is|are|esta|estao|estamos|ta|tao|tem|temos|seguimos|ocorre|only|so da|solo)\b"
)
_NEGATION = re.compile(r"\b(?:nao|no|not|sem|sin|without|cannot|never|nunca)\b|n't\b")
_BEGAN = re.compile(
    r"\b(?:comec\w+|inici\w+|began|started|starting|first|primeir[oa]|primer[oa]?|empez\w+|comenz\w+|arranc\w+"
    r"|parou|caiu|fell|died|stopped|crashed|se cayo|cayo|ocorreu|aconteceu"
    r"|occurred|happened|ocurrio|sucedio|foi|fue)\b"
)
_WORKED = "until then it worked"
_UNCHANGED = "nothing has changed since then"
_TRIED = "a test of theirs"
_CHANGED = "a change of theirs"
_FAR = 999
_JOINT = re.compile(r"[,;:]\s|\s(?:e|y|and|mas|but|pero|so|entao|quando|when|cuando)\s")
_MISSED = re.compile(
    r"\b(?:nao (?:rod|inici|execut|dispar|termin|comec|concl|entr|sai|process|subi|cheg)\w+|nem (?:rodou|iniciou"
    r"|comecou)"
    r"|(?:never|didn't|did not) (?:start|run|finish|complete|fire|kick|trigger|arrive)\w*"
    r"|no (?:corrio|inicio|arranco|termino|se ejecuto|se disparo|llego|proceso|salio|finalizo))\b"
)
_UNTIL_WHEN = re.compile(
    r"\s*,?\s*(?:when|quando|cuando|e (?:depois|desde|ai)|y (?:despues|desde|ahi)|and (?:then"
    r"|since)|depois|despues|desde entao)\b"
)
_ELSE = (
    (_UNCHANGED, re.compile(
        r"\b(?:nao|nada|sem|no|nothing|nobody|nadie|ningun\w*|haven't|hasn't|sin|without"
        r"|never)\s(?:\w+\s){0,4}(?:mud\w+|alter\w+|subi\w+|mex\w+|cambi\w+|chang\w+|deploy\w*|toc\w+|touch\w*"
        r"|public\w+|release\w*|atualiz\w+|actualiz\w+|updat\w+|modific\w+)"
        r"|\b(?:ultim[oa] (?:mudanca|alteracao|deploy|publicacao|cambio|modificacion|despliegue|release)"
        r"|last (?:change|deploy\w*|release|update|modification))\b")),
    ("when the chat or ticket was opened", re.compile(
        r"(?<!que )(?<!quando )(?<!cuando )(?<!when we )(?<!soon as we )\b(?:abri(?:mos|u|ram|r)?|aberto|aberta"
        r"|abert[oa]s|abrir|opened|open(?:ed)? (?:a|the|our|this) (?:ticket"
        r"|chat|case)|raised|levant(?:e|amos|ou|o)|logged|registr(?:ei|amos|ou|e)|report(?:ei|amos|ed|e|ou)"
        r"|abierto|abierta|abrimos|(?:o |the |el |our |nosso |meu |my |este |this )?(?:chats?|chamado|ticket)"
        r"|atendimento|conversa(?:mos|cion)?|conversation|caso"
        r"|protocolo|fal(?:ei|amos|ou) com|hablamos|hable|spoke|talked|ligamos|llamamos|called you|cobr\w+|escrev\w+"
        r"|escrib\w+|(?:i|we) wrote"
        r"|e-?mail|correo|respost\w+|respuest\w+|response|heard (?:back|from|nothing)|repl(?:y|ied)|answer\w*"
        r"|promet\w+|promis\w+|disseram|told|dijeron"
        r"|informaram|informed|retorno de voces|encerr\w+|closed|cerr\w+|nos pediram|pediram|asked|mandei|enviei"
        r"|enviamos|mandamos|sent you)\b")),
    ("a plan or an appointment", re.compile(
        r"\b(?:go(?:es|ing)?[- ]live|went live|(?:entramos|salimos|fomos|entrou|salio) (?:em|a|en|para|pra"
        r"|in) (?:producao|produccion|o ar)|plazos?|reuni(?:ao|oes|on|ones)|meetings?|call|apresenta(?:cao|r)"
        r"|audit\w*|prazo|deadline|venc\w+"
        r"|expir(?:a|am|e|es|ing)\b|renov\w+|renew\w*|planej\w+"
        r"|previst\w+|planned|schedul\w+|agend(?:ad|ar|am|ou)\w*"
        r"|lancamento (?:d[aeo]|oficial)|launch\w*|sprint|ferias|vacation|vacaciones|kick-?off|entrega|delivery"
        r"|workshop|webinar"
        r"|trein\w+|training|inaugur\w+|black friday|feriado|festivo|holiday|horario comercial|horario laboral"
        r"|business hours|office hours|expediente|firm(?:o|amos|ado)|assin(?:ou|amos|ado|atura)|signed|entra em"
        r"|entra en|piloto|visita|fecha(?:mento"
        r"|r)|fecham?\b|cierre|due|janela|manutencao program\w+"
        r"|maintenance window|mostra|demo|board|comite|regulador|entrou n[oa]|joined|contratad\w+|admitid\w+"
        r"|comunicar|amanha|tomorrow)\b")),
    (_WORKED, re.compile(
        r"\b(?:funcionav\w+|funcionaba\w*|funcionou|funciono|worked|working (?:fine|until)|was (?:fine|ok|working"
        r"|good)|were fine|rodou (?:ok|normal|bem|certo|liso|com sucesso)|rodav\w+|passav\w+|pasaban?|sem problemas?"
        r"|sin problemas?|estava (?:ok|normal|certo|bem)|estaba (?:ok|normal|bien)"
        r"|ultim[ao] (?:execucao|carga|ejecucion|corrida|vez|sucesso|que)|last (?:successful|good|time it worked"
        r"|run that)|corrio (?:bien|ok|normal)|andab\w+|ia normal|vinha|venia|all good|with no (?:issue|problem)s?"
        r"|normalmente|successfully|com sucesso|con exito|tudo (?:ok|certo|normal)|todo (?:ok|bien|normal))\b")),
    (_TRIED, re.compile(
        r"\b(?:test(?:ei|amos|ou|ed|eamos)|retest\w*|reprocess\w+|re-?execut\w+|reejecut\w+|re-?ran|reran|re-?run"
        r"|relanz\w+"
        r"|tentei|tentamos|tried|intent(?:e|amos)|prob(?:e|amos)|repet\w+|rodamos|executei|executamos|corrimos"
        r"|we ran)\b")),
    (_CHANGED, re.compile(
        r"\b(?:reinici\w+|restart\w*|corrig\w+|limpamos|rebooted|subimos|publicamos|deployed|atualizamos|actualizamos"
        r"|upgraded|updated|mudamos|cambiamos|changed|alteramos|migr\w+|revogamos|revocamos|revoked|criamos|creamos"
        r"|created|rodamos o deploy|trocamos|instalamos|installed)\b")),
)  # fmt: skip
_REQUEST = re.compile(
    r"\?|\b(?:precis(?:o|amos)|quer(?:o|emos)|podem|poderiam|conseguem|por favor|favor|need|want|please|could (?:you"
    r"|someone)|can (?:you|someone)|would like|necesit\w+|quier\w+|quisier\w+|pueden|podrian|me ligando|retorno"
    r"|gostaria\w*|aguard\w+|esperamos)\b"
)
_LIVE_SINCE = re.compile(
    r"\b(?:clientes?|customers?|no ar|en vivo|live|usamos|using|use|uses|usando|roda(?:ndo)? (?:assim )?(?:ha|desde)"
    r"|running since|trabalh\w+|trabaj\w+|work(?:ing|ed)? (?:here|with)|parceir\w+|contrato)\b"
)
_TODAY_HABIT = re.compile(
    r"\b(?:ainda hoje|until today|ate hoje|hasta hoy|hoje em dia|hoy en dia|still today"
    r"|hoje mesmo|hoy mismo|de hoje nao passa|nowadays)\b"
)
_STAMP_KEY = re.compile(
    r"[\"']?\b(?:timestamp|time|date|datetime|ts|occurred\w*|created\w*|data\w*|fecha\w*|hora"
    r"|start\w*|when|when_?|dh\w*|@timestamp|event\w*|log\w*|failed\w*|error\w*|inicio\w*"
    r"|erro\w*)[\"']?\s*[:=]\s*[\"']?$"
)
_SAME_TIME = re.compile(r"\b(?:mesm[oa] (?:horario|hora)|same (?:time|hour)|mism[oa] (?:hora|horario))\b")


@dataclass(frozen=True, slots=True)
class _Candidate:
    moment: Moment
    score: float
    span: Span
    source: str = "body"  # body | subject | log
    why: str = ""

    @property
    def timed(self) -> bool:
        return self.moment.time is not None


def find(doc: Doc, pack: RulePack, context: Context) -> Iterable[Found | Rejected]:
    """The moment of the failure, if the mail tells one."""
    if "occurred_at" not in pack.fields:
        return
    month_first = us_dates(doc, context)
    candidates = [*_prose(doc, month_first), *_logs(doc), *_subject(doc, month_first)]
    for c in candidates:
        if c.why:
            yield Rejected("occurred_at", _words(doc, c), name, c.why)
    good = [c for c in candidates if not c.why]
    fixes = [c for c in good if c.source == "body" and corrects(doc, c.span) and c.moment.lead != "not"]
    held = context.fields.get("occurred_at")
    if held is not None:
        yield from _later(doc, good, fixes, held.value)
        return
    if fixes:
        fixes = sorted(fixes, key=lambda c: -c.score)[:1]
    best = _best(fixes or good)
    if best is not None:
        yield Found("occurred_at", best.moment.iso, _evidence(doc, best), name, min(0.9, 0.6 + best.score / 20))


def us_dates(doc: Doc, context: Context) -> bool | None:
    """Whether 11/05 is read month first: in English mail from American time zones. None: not English."""
    sample = f" {doc.folded[:1500]} {doc.subject_folded} "
    english = sum(sample.count(w) for w in (" the ", " and ", " is ", " to ", " at ", " our ", " of ", " we "))
    other = sum(
        sample.count(w) for w in (" de ", " que ", " o ", " a ", " el ", " la ", " em ", " en ", " do ", " nao ")
    )
    if context.language not in (None, "en") or (other > english) or (english == 0 and context.language != "en"):
        return None
    offset = doc.message.date.utcoffset() or timedelta(0)
    return timedelta(hours=-10) <= offset <= timedelta(hours=-4)


def _words(doc: Doc, c: _Candidate) -> str:
    text = doc.subject_clean if c.source == "subject" else doc.text
    return text[c.moment.start : c.moment.end]


def _evidence(doc: Doc, c: _Candidate) -> Evidence:
    if c.source == "subject":
        return Evidence(_words(doc, c), "subject")
    return doc.evidence(c.moment.start, c.moment.end)


def _later(doc: Doc, good: list[_Candidate], fixes: list[_Candidate], held: str) -> Iterable[Found | Rejected]:
    """A later mail: only a correction, or the time of a day that is known, changes what the ticket has."""
    fresh = [
        c
        for c in fixes
        if c.moment.iso != held
        and (c.moment.time is None or held[11:] != f"{c.moment.time:%H:%M}" or c.moment.how != "clock")
    ]
    best = max(fresh, key=lambda c: (c.timed, c.score), default=None)
    if best is not None:
        value = best.moment.iso
        same = _SAME_TIME.search(doc.folded, best.span.start, best.span.end)
        if best.moment.time is None and same and "T" in held:
            value += held[held.index("T") :]
        elif best.moment.how == "clock":
            value = held[:10] + value[10:]
        yield Found("occurred_at", value, _evidence(doc, best), name, 0.9, True)
        return
    for c in good:
        if "T" not in held and c.timed and c.moment.iso.startswith(held) and c.score >= 1:
            yield Found("occurred_at", c.moment.iso, _evidence(doc, c), name, 0.9, True)
            return
        yield Rejected("occurred_at", _words(doc, c), name, "the ticket has one, and this corrects nothing")


def _best(good: list[_Candidate]) -> _Candidate | None:
    prose = [c for c in good if c.source == "body"]
    logs = [c for c in good if c.source == "log"]
    subject = [c for c in good if c.source == "subject"]
    best = max(prose, key=lambda c: (round(c.score, 1), -c.moment.start), default=None)
    if best is None or best.score < 1:
        rest = logs or subject
        if best is None or rest:
            best = max(rest, key=lambda c: (c.score, -c.moment.start), default=best)
    if best is None:
        return None
    if not best.timed:  # the same day with a time, elsewhere in the mail
        for c in (*prose, *subject, *logs):
            if c.timed and c.moment.day == best.moment.day and c.score >= 0.5:
                return c
    return best if best.score >= (0.5 if best.timed else 2) else None


def _prose(doc: Doc, month_first: bool | None) -> Iterable[_Candidate]:
    found: list[tuple[Moment, datetime]] = []
    for start, end, anchor in _stretches(doc):
        for m in moments(doc.prose[start:end], doc.text[start:end], anchor, month_first):
            found.append((_shift(m, start), anchor))
    said: list[tuple[Moment, _Candidate]] = []
    for moment, anchor in found:
        if moment.day is not None:
            said.append((moment, _judge(doc, moment, sentence(doc, moment.start), anchor)))
    yield from (candidate for _, candidate in said)
    for moment, anchor in found:
        span = sentence(doc, moment.start)
        if moment.day is None and (filled := _with_day(doc, moment, span, found, said, anchor)):
            yield _judge(doc, filled, span, anchor, lent=True)


def _stretches(doc: Doc) -> Iterable[tuple[int, int, datetime]]:
    """The text in stretches of one anchor: the mail's own words, each forwarded mail."""
    start = 0
    date_ = doc.rows[0].date if doc.rows else None
    for row in doc.rows:
        if row.start > LIMIT:
            break
        if row.date != date_:
            yield start, row.start, date_ or doc.message.date
            start, date_ = row.start, row.date
    yield start, min(len(doc.text), LIMIT), date_ or doc.message.date


def _shift(m: Moment, by: int) -> Moment:
    return Moment(m.start + by, m.end + by, m.day, m.time, m.how, m.part, m.lead, m.weak)


def _with_day(
    doc: Doc,
    clock: Moment,
    span: Span,
    found: list[tuple[Moment, datetime]],
    said: list[tuple[Moment, _Candidate]],
    anchor: datetime,
) -> Moment | None:
    """The day of a time that stands alone: of the same sentence, of the one before, else today."""
    here = [m for m, _ in found if m.day and m.start in span and m.lead not in {"until", "not", "every"}]
    beside = [m for m in here if not m.time] or [m for m, c in said if m in here and c.why]
    if beside:
        return _on(doc, clock, min(beside, key=lambda m: abs(m.start - clock.start)))
    fails = _FAILS.search(doc.folded, span.start, span.end) or _BEGAN.search(doc.folded, span.start, span.end)
    if (
        clock.lead != "since"
        and not corrects(doc, span)
        and not _bare(doc, clock, span)
        and (not fails or (clock.weak and abs(fails.start() - clock.start) > 40))
    ):
        return None
    happened = (
        _PAST.search(doc.folded, span.start, span.end) is not None or clock.lead == "since" or corrects(doc, span)
    )
    before = [m for m, c in said if m.day and m.start < clock.start and not c.why and clock.start - m.start < 400]
    if before and before[-1].day and (before[-1].time is None or clock.lead == ""):
        if before[-1].time is not None:
            return None  # a second time of a day that has one: the first tells when it began
        return _on(doc, clock, before[-1])
    if not happened:
        return None  # "around noon it gets slow": a habit
    day = anchor.date()
    if clock.time and (clock.time.hour, clock.time.minute) > (anchor.hour, anchor.minute):
        day -= timedelta(days=1)
    return clock.on(day)


def _bare(doc: Doc, moment: Moment, span: Span) -> bool:
    """Whether a sentence is nothing but a moment: "4. el domingo 8", "(22h31)"."""
    if span.end - span.start > 80 or moment.lead not in {"", "since"}:
        return False
    rest = doc.folded[span.start : moment.start] + " " + doc.folded[moment.end : span.end]
    return len(re.findall(r"[a-z]{3,}", rest)) <= 1 and not any(pattern.search(rest) for _, pattern in _ELSE)


def _on(doc: Doc, clock: Moment, told: Moment) -> Moment | None:
    """A time on a day told elsewhere; "the 2am run failed last night" is after midnight."""
    if told.day is None:
        return None
    night = told.how == "relative" and doc.folded[told.start : told.end] in {"last night", "anoche", "noite passada"}
    late = clock.time is not None and clock.time.hour < 6
    lead = clock.lead if clock.lead != "every" else ""
    return replace(clock, day=told.day + timedelta(days=1) if night and late else told.day, lead=lead)


def _judge(doc: Doc, moment: Moment, span: Span, anchor: datetime, lent: bool = False) -> _Candidate:
    """How well a moment fits as that of the failure."""
    why = _unfit(moment, anchor)
    folded = doc.folded
    if not why and moment.how == "relative" and moment.time is None:
        if moment.part in {"early", "morning", "afternoon", "night", "dawn"} and moment.day == anchor.date():
            why = "no clear time of a day that is still on"
        elif _TODAY_HABIT.search(folded, max(span.start, moment.start - 12), moment.end + 12):
            why = "today as a deadline or as nowadays"
    left = max(span.start, moment.start - 110)
    before, after = folded[left : moment.start], folded[moment.end : min(span.end, moment.end + 110)]
    fail = _nearest(_FAILS, before, after)
    others = ((_nearest(pattern, before, after), text) for text, pattern in _ELSE)
    other, reason = min(others, key=lambda pair: pair[0])
    score = _speaks_for(moment, before, after, fail) - _speaks_against(moment, before, after, fail, other, reason)
    if moment.day == anchor.date() and moment.how == "relative" and moment.time is None and moment.lead != "since":
        score -= 1 if _PAST.search(before[-60:]) or _PAST.search(after[:60]) else 4  # "hoje" alone says little
    if lent:
        score -= 0.6
    if not why and moment.how == "relative" and moment.time is None and _OF_THEN.search(before[-16:]):
        why = "said of something of that day"
    if _bare(doc, moment, span):
        score += 2
    if corrects(doc, span):
        score += 1
    if not why and score < (0.5 if moment.time else 2):
        why = reason if other < _FAR else "nothing says that this is when it failed"
    return _Candidate(moment, score, span, "body", why)


def _speaks_for(moment: Moment, before: str, after: str, fail: int) -> float:
    score = 1.0 if moment.time else 0.0
    if fail < _FAR:
        score += 3 if fail < 60 else 2
    elif _nearest(_DID, before, after) < 60:
        score += 2
    elif _nearest(_NEGATION, before, after) < 60:
        score += 2 if _MISSED.search(before) or _MISSED.search(after) else 1.5
    if moment.lead == "since" or (moment.lead == "until" and _UNTIL_WHEN.match(after)):
        score += 2 if fail < _FAR or _STATE.search(before) or _STATE.search(after) else 1.5
    if _BEGAN.search(before[-40:]) or _BEGAN.search(after[:25]):
        score += 1
    return score


def _speaks_against(moment: Moment, before: str, after: str, fail: int, other: int, reason: str) -> float:
    since = moment.lead == "since"
    against = 0.0
    if _MISSED.search(before) or _MISSED.search(after):
        return 0.0
    if reason == _UNCHANGED and other < 40:
        against += 5
    elif other < fail and (other < 45 or not moment.time) and not (since and reason in {_CHANGED, _TRIED}):
        against += {_TRIED: 0.4 if moment.time else 2, _CHANGED: 4}.get(reason, 6 if other < 15 else 4)
    if moment.lead == "every" or (moment.lead == "until" and not _UNTIL_WHEN.match(after)):
        against += 3 if moment.time else 5
    if since and _LIVE_SINCE.search(before[-45:]):
        against += 3
    if _REQUEST.search(before + after) and fail > 40:
        against += 2
    return against


def _unfit(moment: Moment, anchor: datetime) -> str:
    if moment.day is None:
        return "a time without a day"
    if moment.lead == "not":
        return "said not to be it"
    if moment.day > anchor.date() or (
        moment.day == anchor.date()
        and moment.time
        and moment.time > (anchor + timedelta(minutes=10)).time()
        and anchor.hour < 23
    ):
        return "still to come when the mail was written"
    if anchor.date() - moment.day > timedelta(days=500):
        return "too long ago"
    return ""


def _nearest(pattern: re.Pattern[str], before: str, after: str) -> int:
    """How far the nearest words of a kind stand from a place; a sentence's later clauses count as farther."""
    best = _FAR
    for m in pattern.finditer(before):
        best = min(best, len(before) - m.end() + 15 * len(_JOINT.findall(before[m.end() :])))
    if behind := pattern.search(after):
        best = min(best, behind.start() + 15 * len(_JOINT.findall(after[: behind.start()])))
    return best


def _logs(doc: Doc) -> Iterable[_Candidate]:
    """Stamps of technical lines: the first that tells an error, else the first."""
    known: date | None = None
    for row in doc.rows:
        if not row.technical or row.start > LIMIT:
            continue
        line, raw = doc.folded[row.start : row.end][:400], doc.text[row.start : row.end][:400]
        anchor = doc.date_at(row.start)
        for m in moments(line, raw, anchor)[:2]:
            if m.time is None:
                continue
            begins = (
                not line[: m.start].strip(" [(<>$#\"'|-")
                or _STAMP_KEY.search(line[: m.start])
                or (m.how == "iso" and ":" not in line[: m.start])
            )
            if m.day is None:
                if not begins or not re.match(r"\d\d:\d\d:\d\d", line[m.start :]):
                    continue
                day = known or anchor.date()
                if not known and m.time > anchor.time():
                    day -= timedelta(days=1)
                m = m.on(day)
            known = m.day
            if not begins:
                continue
            bad = re.search(
                r"\b(?:error|erro|err|fatal|warn\w*|exception|fail\w*|severe|critical|timeout"
                r"|[45]\d\d)\b",
                line[m.end :],
            )
            moved = _shift(m, row.start)
            why = _unfit(moved, anchor)
            yield _Candidate(moved, 2 if bad else 1, Span(row.start, row.end), "log", why)


def _subject(doc: Doc, month_first: bool | None) -> Iterable[_Candidate]:
    folded = doc.subject_folded
    for m in moments(folded, doc.subject_clean, doc.message.date, month_first):
        if m.day is None and m.time is not None and m.lead == "since":
            m = m.on(doc.message.date.date())
        why = _unfit(m, doc.message.date)
        score = (1 if m.time else 0) + (2 if m.lead == "since" else 0) + (1 if _FAILS.search(folded) else 0)
        if m.part and not m.time and m.day == doc.message.date.date():
            why = why or "no clear time of a day that is still on"
        yield _Candidate(m, score, Span(0, len(folded)), "subject", why)
