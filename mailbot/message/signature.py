"""Signatures and legal footers. In: the lines of one voice. Out: which of them are signature or disclaimer.

They are folded, never dropped; in doubt a line is the customer's: everything below a closing must look like a card.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mailbot.message.model import Part

_DELIMITER = re.compile(r"^\s*(?:--|—|–|__)\s*$")
_LONG_RULE = re.compile(r"^\s*[-_=*]{4,}\s*$")
_MOBILE = re.compile(
    r"(?i)^\W{0,3}(?:"
    r"(?:sent|enviad[oa]|enviado|envoyé|gesendet|inviato|verzonden|sendt|skickat|wysłane|mensaje enviado"
    r"|mensagem enviada)\b.{0,12}?"
    r"\b(?:from|via|using|by|with|do|pelo|pela|desde|de|dal|da|von|mit|vanaf|fra|från|depuis|à partir|con|com"
    r"|através|a partir)\b.{1,60}"
    r"|(?:get|obter|obtenha|baixe|obtener|obtén|obtenga|descargar|télécharger|holen sie sich"
    r"|scarica)\b.{1,25}\boutlook\b.{1,40}"
    r"|outlook (?:for|para|pour|für) (?:ios|android|mac|iphone).{0,40}"
    r"|(?:sent|enviado) .{0,20}(?:iphone|ipad|galaxy|smartphone|celular|m[óo]vil|mobile|blackberry).{0,40}"
    r"|yahoo mail.{1,40}(?:android|iphone|search, organize).{0,60}"
    r")\W{0,3}$"
)
_DEVICE = re.compile(
    r"(?i)iphone|ipad|android|galaxy|samsung|xiaomi|redmi|motorola|moto\b|huawei|nokia|blackberry|wiko|pixel|lg\b"
    r"|sony|windows|outlook|yahoo|"
    r"gmail|mail\b|typeapp|bluemail|spark|smartphone|celular|m[óo]vil|movil|telem[óo]vel|telefone|tel[ée]fono|mobile"
    r"|phone|tablet|device|dispositivo|"
    r"proton|workspace|ios\b|mac\b|wireless|app\b"
)
_CLOSING = re.compile(
    r"(?i)^\W{0,2}(?:att|atte|atenciosamente|atentamente|cordialmente|respeitosamente|(?:um |com "
    r"|um grande )?abra[çc]os?|abs|abç|bjs|"
    r"(?:muito |desde j[áa],? |desde ya,? |muchas |muit[ao]s? )*(?:obrigad[oa]s?|grat[oa]s?|gracias|thanks?|thx"
    r"|thank you)"
    r"(?: (?:pela aten[çc][ãa]o|desde j[áa]|por la atenci[óo]n|in advance|very much|a lot|so much|de antem[ãa]o"
    r"|de antemano))?"
    r"|(?:com os )?(?:melhores|meus) cumprimentos|cumprimentos|sauda[çc][õo]es|(?:cordiales |un "
    r"|muchos )?saludos?(?: cordiales| cordial)?|un abrazo|"
    r"sds|slds|at\.?te|"
    r"(?:many |kind |best |warm )?(?:regards|wishes)|best|cheers|many thanks|sincerely(?: yours)?|yours (?:sincerely"
    r"|faithfully|truly)|"
    r"(?:fico|ficamos) (?:no aguardo|à disposi[çc][ãa]o)|(?:no )?aguardo(?: retorno)?|quedo (?:atent[oa]|pendiente"
    r"|a la espera)|"
    r"(?:mit )?(?:freundlichen|besten|viele) gr[üu](?:ß|ss)en?|gr[üu](?:ß|ss)e|cordialement|bien cordialement"
    r"|cordiali saluti|distinti saluti|"
    r"pozdrawiam|z powa[żz]aniem|med v[äe]nlig(?:a)? h[äi]lsn?ing(?:ar)?|mvh|hilsen|(?:med )?venlig hilsen|groeten"
    r"|met vriendelijke groet(?:en)?)"
    r"\W{0,4}$"
)
_PHONE = re.compile(r"(?:\+?\d{1,3}[\s.-]?)?(?:\(\d{2,4}\)|\d{2,4})[\s.-]?\d{3,5}[\s.-]?\d{3,4}")
_CONTACT_LABEL = re.compile(
    r"(?i)^\W{0,3}(?:tel[ée]?(?:fone|fono|ephone|f)?s?|cel(?:ular)?|m[óo]vil|mobile|phone|fone|fax|whats(?:app)?"
    r"|ramal|ext(?:ension)?|interno|"
    r"e-?mail|correo|skype|site|web(?:site)?|linkedin|end(?:ere[çc]o)?|direcci[óo]n|address|m|t|p|c|f|e|w|d|o)\s*[.:"
    r"|]"
)
_CONTACT = re.compile(
    r"(?i)[\w.+-]+@[\w-]+\.[\w.]+|\bwww\.|https?://|\b(?:tel|cel|ramal|fone|phone|mobile|whatsapp)\b|\b(?:cnpj|cep)\b"
)
_TITLE = re.compile(
    r"(?i)\b(?:analista|gerente|diretora?|directora?|coordenador[a]?|coordinador[a]?|engenheir[oa]|ingenier[oa]"
    r"|desenvolvedora?|desarrollador[a]?|"
    r"supervisor[a]?|assistente|asistente|consultora?|especialista|l[íi]der|jef[ea]|respons[áa]vel|responsable"
    r"|s[óo]ci[oa]|fundador[a]?|estagi[áa]ri[oa]|"
    r"manager|director|engineer|developer|analyst|lead|head|officer|architect|arquitet[oa]|arquitect[oa]|specialist"
    r"|consultant|coordinator|"
    r"ceo|cto|cio|coo|cfo|vp|president|presidente|support|suporte|soporte|sistemas|infra(?:estrutura|structure)?"
    r"|t\.?i\.?|devops|sre|dba|"
    r"ltda|s\.?a\.?|inc|llc|gmbh|eireli|corp|s\.?l\.?|group|grupo|departamento|department|setor|equipe|equipo|team"
    r"|time)\b"
)
_CONTENT = re.compile(
    r"(?i)[?!{}\[\]=;_\\]|\b(?:p\.?\s?s\.?|obs\.?|produ[çc][ãa]o|producci[óo]n|production|prod|prd|hml"
    r"|homologa[çc][ãa]o|homologaci[óo]n|staging|"
    r"testes?|pruebas?|sandbox|dev|qa|erro|error|pipeline|fluxo|flujo|chat|ticket|chamado|caso|case|id|key|chave"
    r"|clave|sim|n[ãa]o|s[íi]|no|yes)\b"
)
_SMALL = frozenset(
    [
        "de",
        "da",
        "do",
        "das",
        "dos",
        "e",
        "y",
        "of",
        "and",
        "&",
        "the",
        "la",
        "las",
        "los",
        "el",
        "del",
        "di",
        "van",
        "von",
        "der",
        "em",
        "en",
        "at",
        "in",
        "for",
        "para",
        "-",
        "–",
        "|",
        "·",
        "•",
        "/",
        ",",
    ]
)
_DISCLAIMER_WORDS = re.compile(
    r"(?i)confiden[ct]ia|privilegiad|privileged|destinat[áa]ri|intended (?:recipient|solely|for|only)|addressee"
    r"|sigil|uso exclusivo|exclusive use|"
    r"apague|elimine|b[óo]rr|delete|destru|por engano|por erro|por error|in error|mistake|avise o remetente|notif"
    r"|disclos|divulga|"
    r"aviso legal|legal notice|disclaimer|proibid|prohibid|prohibited|unauthori[sz]ed|não autorizad|no autorizad"
    r"|remetente|sender|remitente|"
    r"riservat|vertraulich|confidentiel|lgpd|rgpd|gdpr"
)
_DISCLAIMER_START = re.compile(
    r"(?i)^\W{0,4}(?:(?:aviso|nota|cl[áa]usula|advert[êe]ncia)(?: legal| de confiden\w+| de privacidad\w*)?\W"
    r"|disclaimer|confidentiality|legal notice|"
    r"(?:esta|este|the|this|el|la|o|as? informa\w+) .{0,60}(?:mensage[mn]|e-?mail|message|correo|mensaje"
    r"|communication|comunica\w+|informa\w+))"
)
_BANNER = re.compile(
    r"(?i)^\W{0,6}(?:\[?(?:external|externo|mensagem externa|correo externo|e-?mail externo)\]?\W{0,4}$|"
    r"(?:caution|warning|aten[çc][ãa]o|cuidado|atenci[óo]n|aviso|external e-?mail"
    r"|e-?mail externo)\W.{0,80}(?:external|externo|outside|fora da|fuera de).{0,300}$)"
    r"|^\W{0,6}(?:this|este|esse) (?:e-?mail|message|correo|mensagem|mensaje).{0,30}(?:outside|externo|externa"
    r"|fora da|fuera de).{0,200}$"
)
_FOOTER = re.compile(
    r"(?i)(?:before printing|antes de imprimir|pense no meio ambiente|think (?:of|about) the environment"
    r"|piense en el medio ambiente|"
    r"(?:livre de|sin|libre de) v[íi]rus|virus-free|no virus found|este (?:e-?mail|correo|mensaje) (?:foi|fue"
    r"|ha sido) (?:verificado|analizado|escaneado)|"
    r"you (?:received|are receiving) this (?:message|email) because you are subscribed to"
    r"|to unsubscribe from this (?:group|list)|"
    r"para cancelar a inscri[çc][ãa]o (?:nesse|deste) grupo|_{10,}\s*$)"
)


def label(texts: Sequence[str], *, name: str = "") -> list[Part | None]:
    """For each line of one voice (blank ones too) its fold, or None where it is the author's own text.

    name: display name of the author, a sign of where the signature begins.
    """
    parts: list[Part | None] = [None] * len(texts)
    end = len(texts)
    end = _footers(texts, parts, end)
    _banners(texts, parts)
    for at, text in enumerate(texts):
        if parts[at] is None and len(text) < 120 and _MOBILE.match(text) and _DEVICE.search(text):
            parts[at] = Part.SIGNATURE
    open_lines = [at for at in range(end) if parts[at] is None and texts[at].strip()]
    if not open_lines:
        return parts
    _delimited(texts, parts, end) or _closed(texts, parts, open_lines, name) or _card(texts, parts, open_lines, name)
    return parts


def is_closing(text: str) -> bool:
    """Is the whole line a closing ("Atenciosamente,", "Best regards", "Un saludo"; thanks are one too)?"""
    return bool(_CLOSING.match(text.strip()))


def words_of_thanks(texts: Sequence[str]) -> list[int]:
    """Which folded lines are the whole message of a mail that holds nothing else: its closing ("Obrigado!")."""
    return [at for at, text in enumerate(texts) if text.strip() and _CLOSING.match(text.strip())][:1]


def _delimited(texts: Sequence[str], parts: list[Part | None], end: int) -> bool:
    """The signature mark "-- " (RFC 3676 section 4.3) with a short card below."""
    for at in range(end - 1, -1, -1):
        if not _DELIMITER.match(texts[at]):
            continue
        below = [i for i in range(at + 1, end) if texts[i].strip()]
        if len(below) > 15 or any(len(texts[i]) > 120 and not _CONTACT.search(texts[i]) for i in below):
            return False
        if any(_is_data(texts[i]) for i in below):
            return False
        for i in range(at, end):
            if texts[i].strip() and parts[i] is None:
                parts[i] = Part.SIGNATURE
        return True
    return False


_DATA = re.compile(
    r"^\s*(?:[{}\[\]<]|\d{4}-\d\d-\d\d|\d\d:\d\d:\d\d|at \w[\w.$]+\(|(?i:select|insert|update|delete|from|where"
    r"|create|begin|commit)\b.*[;(,]\s*$)"
    r"|[{}]\s*$|^\s*\w+\s*=\s*\S|\?\s*$|^\s*(?:[-*•]|\d+[.)])\s+\S"
)


def _is_data(text: str) -> bool:
    """Log, code, a list or a question: not what stands in a signature."""
    if _DATA.search(text[:300]):
        return True
    label, colon, value = text.partition(":")
    return bool(
        colon and value.strip() and not _CONTACT_LABEL.match(text) and not _CONTACT.search(text) and len(label) < 40
    )


def _closed(texts: Sequence[str], parts: list[Part | None], lines: list[int], name: str) -> bool:
    """ "Atenciosamente," and what follows, if all of it looks like a card."""
    for place in range(len(lines) - 1, max(-1, len(lines) - 14), -1):
        text = texts[lines[place]].strip()
        if len(text) > 60 or not _CLOSING.match(text):
            continue
        below = lines[place + 1 :]
        if len(below) > 12 or not all(_in_card(texts[i], first=i == below[0], name=name) for i in below):
            return False
        if below and not _somebody(texts, below, name):
            return False
        for i in lines[place:]:
            parts[i] = Part.SIGNATURE
        return True
    return False


def _somebody(texts: Sequence[str], lines: list[int], name: str) -> bool:
    """Is it a person's or a company's card, and not a bare answer ("Obrigada\\nFaturamento")?"""
    if not name:
        return True
    first = texts[lines[0]].strip()
    if _akin(first, name) or len(re.findall(r"\b[A-ZÀ-Ý][\w.]+", first)) >= 2 or _MOBILE.match(first):
        return True
    return any(_CONTACT.search(texts[i]) or _TITLE.search(texts[i]) or " | " in texts[i] for i in lines)


def _akin(text: str, name: str) -> bool:
    """The author's name, or a short form of it ("Edu", "Tati", "O.")."""
    if same_name(text, name):
        return True
    first = re.match(r"\W*([^\W\d_]+)", text.casefold())
    return first is not None and any(
        word.startswith(first.group(1)[:2])
        for word in re.findall(r"[^\W\d_]{2,}", name.casefold())
        if word not in _SMALL
    )


def _card(texts: Sequence[str], parts: list[Part | None], lines: list[int], name: str) -> bool:
    """A card without a closing above it: the last paragraphs, begun by the author's name or holding contact data."""
    start = len(lines)
    strong = False
    for place in range(len(lines) - 1, max(0, len(lines) - 11), -1):
        at = lines[place]
        text = texts[at].strip()
        if not _in_card(text, first=False, name=name):
            break
        named = bool(name) and same_name(text, name)
        strong = (
            strong
            or named
            or bool(_CONTACT.search(text) or _TITLE.search(text) or _PHONE.search(text) or " | " in text)
        )
        paragraph = not texts[at - 1].strip() if at else False
        if paragraph or named or (parts[at - 1] is not None if at else False):
            start = place
            if named:
                break
    if start >= len(lines) or start == 0 or not strong:
        return False
    first = texts[lines[start]].strip()
    if not (name and same_name(first, name)) and not (_looks_like_name(first) and len(lines) - start >= 2):
        return False
    for i in lines[start:]:
        parts[i] = Part.SIGNATURE
    return True


def _in_card(text: str, *, first: bool, name: str) -> bool:
    text = text.strip(" \t*_>")
    if not text or _LONG_RULE.match(text) or _DELIMITER.match(text):
        return True
    if len(text) > 110:
        return False
    if name and same_name(text, name):
        return True
    if re.match(r"^\[(?:image|cid|https?):[^\]]*\]", text):
        return True
    if _CONTACT_LABEL.match(text) or (
        _CONTACT.search(text) and not _CONTENT.search(re.sub(r"\S+@\S+|\S*(?:www\.|://)\S*", "", text))
    ):
        return len(text) < 110
    if _CONTENT.search(text):
        return False
    if _PHONE.fullmatch(text.strip("() ")) and ("(" in text or "+" in text or " " in text or "-" in text):
        return True
    if ":" in text or re.search(r"\d{5,}", re.sub(_PHONE, "", text)):
        return False
    return (
        _looks_like_name(text)
        or (first and len(text.split()) <= 2 and text.replace(" ", "").isalpha() and (not name or _akin(text, name)))
        or _title_line(text)
    )


def _looks_like_name(text: str) -> bool:
    """Up to nine words, all of them capitalised but the small ones."""
    text = text.strip(" *_")
    if text.endswith((".", ":")) and not re.search(r"\b\w{1,4}\.$", text):
        return False
    words = [w for w in re.split(r"[\s,|·•/]+", text) if w]
    big = [w for w in words if w.lower() not in _SMALL]
    return (
        0 < len(words) <= 9
        and bool(big)
        and all(w[0].isupper() or not w[0].isalpha() for w in big)
        and any(w[0].isupper() for w in big)
    )


def _title_line(text: str) -> bool:
    return len(text.split()) <= 7 and bool(_TITLE.search(text)) and not text.rstrip().endswith((".", ":", ","))


def same_name(text: str, name: str) -> bool:
    """Is the line the author's name, whole or in part?"""
    mine = {w for w in re.findall(r"[^\W\d_]{2,}", name.casefold()) if w not in _SMALL}
    theirs = [w for w in re.findall(r"[^\W\d_]{2,}", text.casefold()) if w not in _SMALL]
    return bool(theirs) and len(theirs) <= 5 and theirs[0] in mine and sum(w in mine for w in theirs) * 2 > len(theirs)


def _banners(texts: Sequence[str], parts: list[Part | None]) -> None:
    """What the customer's own mail gateway puts above their text."""
    seen = 0
    for at, text in enumerate(texts[:12]):
        if not text.strip():
            continue
        if len(text) < 500 and _BANNER.match(text):
            parts[at] = Part.DISCLAIMER
        elif (seen := seen + 1) >= 3:
            return


def _footers(texts: Sequence[str], parts: list[Part | None], end: int) -> int:
    """Legal text at the end, paragraph by paragraph from below; returns where the rest ends."""
    while True:
        last = end
        while last > 0 and not texts[last - 1].strip():
            last -= 1
        first = last
        while first > 0 and texts[first - 1].strip() and last - first < 60:
            first -= 1
        if first == last or (first == 0 and last == 0):
            return end
        paragraph = texts[first:last]
        cut = _legal_from(paragraph)
        if cut is None or (first + cut == 0):
            return end
        for at in range(first + cut, last):
            parts[at] = Part.DISCLAIMER
        end = first + cut
        if cut:
            return end


def _legal_from(paragraph: Sequence[str]) -> int | None:
    """Where in a paragraph the legal text begins; None: it is none."""
    joined = " ".join(paragraph)[:6000]
    for at, text in enumerate(paragraph):
        if len(text) < 400 and _FOOTER.search(text):
            rest = paragraph[at:]
            return at if len(rest) <= 6 and not any(_is_data(line) for line in rest[1:]) else None
    signs = {found.group().lower()[:6] for found in _DISCLAIMER_WORDS.finditer(joined)}
    if len(signs) < 2 or len(joined) < 60 or joined.count("?"):
        return None
    for at, text in enumerate(paragraph):
        if (
            _DISCLAIMER_START.match(text[:300])
            and len({m.group().lower()[:6] for m in _DISCLAIMER_WORDS.finditer(" ".join(paragraph[at:])[:6000])}) >= 2
        ):
            return at
    return 0 if len(signs) >= 4 else None
