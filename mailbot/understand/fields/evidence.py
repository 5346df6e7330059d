"""evidence: a screenshot, video or log, attached, inline or linked; log lines with time stamps; a terminal session.

Not a logo, a contract, a documentation link or an API's answer pasted on its own. The words "screenshot attached" with
nothing attached are none: the file was forgotten, and asking for it is right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailbot.message.model import Attachment, Part
from mailbot.rules.pack import RulePack
from mailbot.understand.doc import Doc
from mailbot.understand.facts import Context, Evidence, Found, Rejected
from mailbot.understand.fields.narrative import found
from mailbot.understand.text import fold

FIELD = "evidence"

_TOLD = re.compile(
    r"\b(?:prints?|print-?screens?|printscreen|screen-?shots?|screen ?(?:grab|cap|record)\w*|screenshots?"
    r"|capturas?|pantallazos?|telas?|pantallas?|screens?|imagen|imagenes|imagem|imagens|"
    r"fotos?|photos?|pictures?|pics?|videos?|gravac\w+|gravei|grabac\w+|grabe|grabamos|filmei|filme|filmamos"
    r"|recordings?|recorded|clips?|footage|gif|loom|pasos grabad\w+|logs?|traces?|stack|dump|har|evidenc\w+|"
    r"console|terminal|anexo?|anexad[oa]s?|anexos|adjunt\w+|attach\w*|enclosed)\b"
)
_TELLING_NAME = re.compile(
    r"print|screen|captura|pantalla|tela|shot|imagen?m?[-_ ]?(?:do|del|de)|foto|photo|erro|error|falha|fallo"
    r"|evid|log|registo|registros?[-_ ](?:d[eoa]l?[-_ ])?(?:err|aplica|app|servi|event)|bitacora|traza|trace"
    r"|grava|graba|record|video|dump|console|monitor|postman|img[-_ ]?\d|image[-_ ]?\d{4}|dsc"
    r"|whatsapp|wa\d|grilla|mapeo"
)
_PICTURED = re.compile(  # pictures or log lines, told to be inside a document
    r"\b(?:prints?|screen ?-?shots?|capturas?|pantallazos?|imagens|imagenes|fotos?|photos?|pictures?|logs?|telas"
    r"|pantallas"
    r"|evidenc\w+|traces?)\b[^.;!?]{0,40}\b(?:pdf|word|docx?|documento?|document|arquivo|archivo|file|anexo|adjunto"
    r"|attach\w*|slides?)\b|\b(?:pdf|word|docx?|document\w*|arquivo|archivo|file|anexo|adjunt\w*"
    r"|attach\w*)\b[^.;!?]{0,40}"
    r"\b(?:prints?|screen ?-?shots?|capturas?|pantallazos?|imagens|imagenes|fotos?|photos?|pictures?|logs?|telas"
    r"|evidenc\w+)\b"
)
_LOGO = re.compile(
    r"logo|brasao|escudo|crest|emblem|coat[-_ ]?of|carimbo|sello|assinatura|signature|(?:^|[-_ ])firma[-_ ]?\d*(?:\."
    r"|$)|banner"
    r"|footer|rodape|icon|avatar|facebook|linkedin|instagram"
    r"|youtube|twitter|whats(?:app)?[-_ ]?icon|selo|brand|marca"
)
_THING = re.compile(r"selo|sello|carimbo|marca|brand")  # a stamp or a seal: a logo, unless a picture is spoken of
_OUTLOOK_NAME = re.compile(
    r"^(?:image|imagem|imagen|img|outlook-\w+|oledata|att)[-_]?0*\d{1,3}\.(?:png|jpe?g|gif|bmp)$"
)
_CAMERA = re.compile(r"\.(?:heic|webp|heif)$|^(?:img|dsc|vid|pxl|image|foto|photo)[-_ ]?\d{3,}")
_ENCLOSED = re.compile(  # a paper that shows the wrong outcome is handed over: "adjunto una denegación completa"
    r"\b(?:adjunt\w+|anex\w+|attach\w*|enclos\w+|acompan\w+|incluyo|incluo|seguem?|siguen?|ponho junto|va[no]? junto"
    r"|i include|we include)\b[^.!?\n]{0,40}\b(?:una?|um|uma|one|two|three|dos|tres|duas|dois|ejemplos?|exemplos?"
    r"|examples?"
    r"|samples?|muestras?|lo que|o que|what|redacted|cop(?:y|ia)|relacion|listado|lista)\b"
    r"|\b(?:una?|um|uma|one|two|three|dos|tres|duas|dois|\d+)\s+\w+\s+(?:anex[oa]s?|adjunt[oa]s?|attached|enclosed"
    r"|em anexo)\b"
)
_ASIDE_PAPER = re.compile(
    r"contrat|proposta|propuesta|proposal|manual|guia|guide|especific|spec|typed|cadastro|purchase"
)
_OTHER_PAPER = re.compile(
    r"contrat|contract|agreement|dpa|nda|proposta|propuesta|proposal|invoice|fatura|factura|boleto|nota|pedido"
    r"|order|cotac|cotiz|quote|manual|guia|guide|doc(?:umenta)?|catalog|planilha|cadastro|apresent|present|cv"
    r"|curric"
)
_LOG_LINE = re.compile(
    r"^\W{0,2}(?:\d{4}-\d\d-\d\d[T ]|\d\d/\d\d(?:/\d{2,4})? |[A-Z][a-z]{2} [ \d]\d "
    r"|)\d\d:\d\d:\d\d(?:[.,]\d+)?Z?(?:[+-]\d\d:?\d\d)?\]?[\s|:;,-]+\S"
)
_PROMPT = re.compile(r"^\s*(?:[\w.@~-]+[:\w/~.-]*)?[$#%>]\s+[a-z][\w./-]+(?:[\s;|&]|$)|^\s*PS [A-Z]:\\")
_INLINE = re.compile(r"\[(?:image|imagem|imagen|cid)[:\s][^\]]*\]|<?cid:[^>\s]+>?", re.IGNORECASE)
_LINK = re.compile(r"https?://([^\s/>\"')]+)(/[^\s>\"')]*)?")
_SHARE = re.compile(
    r"(?:^|\.)(?:drive|docs|onedrive|1drv|sharepoint|dropbox|loom|wetransfer|we\.tl|imgur|prnt\.sc|gyazo"
    r"|jam\.dev|screencast|vimeo|youtu\.?be|youtube|streamable|jumpshare|cloudapp|"
    r"monosnap|droplr|box|icloud|pastebin|gist|transfer|files?|arquivos?|archivos?|videos?|share|nextcloud"
    r"|owncloud|mega|lightshot|ibb|postimg|share\w*|storage|s3)\b"
)
_SHARED_PATH = re.compile(
    r"\.(?:png|jpe?g|gif|mp4|mov|avi|webm|log|har|zip|mkv)\b|/(?:share|s|d|v|video|record\w*|grava\w*|graba\w*"
    r"|print\w*|captura\w*|log\w*)/|print|screen|captur|grava|graba|record|video|evidenc|/log"
)
_SHOWS = re.compile(  # a picture, a recording or a log is named right before the link
    r"\b(?:prints?|screen ?-?shots?|screen ?cap\w*|capturas?|pantallazos?|fotos?|photos?|videos?|clips?|footage"
    r"|gravac\w+|vids?|gravei|gravamos|grabe|grabamos|filmei|filme|filmed|recorded|captured|video call"
    r"|grabac\w+|recordings?|evidenc\w+|logs?|dump|traces?|har)\b[^.!?\n]{0,60}$"
)
_DOCS = re.compile(
    r"\b(?:docs?|documentac\w+|documentation|help|ajuda|ayuda|blog|wiki|manual|api|developers?|swagger)\b"
)
_PROMISE = re.compile(
    r"\b(?:vou|vamos|mando (?:depois|mais tarde|amanha|em seguida|ja)|envio (?:depois|mais tarde|amanha)|will"
    r"|i'?ll|we'?ll|later|tomorrow|amanha|manana|luego|mas tarde|voy a|despues|se quiserem|if you want"
    r"|if needed|si quieren|si necesitan|se precisarem|caso precisem)\b"
)
_NOT_SENT = re.compile(
    r"\b(?:nao|no|not|sem|sin|without|can't|cannot|n't|ningun\w*|nenhum\w*)\b[^.;!?]{0,40}\b(?:print|screenshot"
    r"|captura|video|log|evidenc|foto|imagem|imagen)"
)


def find(doc: Doc, _pack: RulePack, _context: Context) -> Iterator[Found | Rejected]:
    """The first of: a file, a picture in the text, a link, lines of a log or terminal."""
    spoken = bool(doc.message.attachments or _may_show(doc.folded)) and _spoken(doc)
    for attachment in doc.message.attachments:
        why = of_file(attachment, doc, spoken)
        if why:
            yield Found(
                FIELD,
                "present",
                Evidence(attachment.filename or attachment.content_type, "attachment"),
                f"evidence/{why}",
                0.95,
            )
            return
    yield from in_text(doc, spoken)


def _may_show(folded: str) -> bool:
    """Whether there may be a picture in a text."""
    return "[" in folded or "cid:" in folded


def _spoken(doc: Doc) -> bool:
    """Whether the text speaks of a picture, video or log as something that is there."""
    for span in doc.sentences[:120]:
        said = doc.folded[span.start : min(span.end, span.start + 500)]
        if _TOLD.search(said) and not _NOT_SENT.search(said) and not (_PROMISE.search(said)):
            return True
    return False


def of_file(attachment: Attachment, doc: Doc, spoken: bool) -> str | None:
    """Why a file is evidence, or None."""
    name, kind = fold(attachment.filename), attachment.content_type.lower()
    ending = name.rpartition(".")[2]
    if kind.startswith("video/") or ending in ("mp4", "mov", "avi", "mkv", "webm", "3gp", "wmv"):
        return "video"
    if kind.startswith("image/") or ending in ("png", "jpg", "jpeg", "gif", "bmp", "heic", "webp"):
        return "picture" if is_picture(attachment, name, doc, spoken) else None
    telling = bool(_TELLING_NAME.search(name))
    if ending in ("pdf", "docx", "doc", "pptx", "odt") and spoken and _PICTURED.search(doc.folded[:20000]):
        return "document"
    if ending == "pdf" and _handed_over(doc) and not _ASIDE_PAPER.search(name):
        return "document"
    if _OTHER_PAPER.search(name) and not telling:
        return None
    if ending in ("log", "har", "trace", "out", "err", "dmp", "pcap", "evtx", "jfr"):
        return "log"
    if ending in ("txt", "zip", "7z", "gz", "rar", "tgz") and (telling or spoken):
        return "log"
    if ending in ("json", "xml", "csv", "xlsx", "pdf", "docx", "doc", "html", "msg", "eml") and telling:
        return "document"
    return None


def _handed_over(doc: Doc) -> bool:
    """Whether the text hands over an example of what came out."""
    m = _ENCLOSED.search(doc.folded, 0, 20_000)
    return m is not None and not _ASIDE_PAPER.search(doc.folded, m.start(), m.end() + 30)


def is_picture(attachment: Attachment, name: str, doc: Doc, spoken: bool) -> bool:
    """A screenshot or photo rather than a logo: by name, size and where it stands."""
    logo = _LOGO.search(_THING.sub("", name) if spoken else name)
    if (_tiny(attachment) and not _CAMERA.search(name) and not _TELLING_NAME.search(name)) or (
        logo and not re.search(r"captura|print|screen|pantalla|tela|erro", name)
    ):
        return False
    if attachment.inline or attachment.content_id:
        place = _place(attachment, doc)
        if place == "signature":
            return False
        if place == "text":
            return True
    if _TELLING_NAME.search(name) and not _OUTLOOK_NAME.match(name):
        return True
    if _OUTLOOK_NAME.match(name):
        return spoken and not _another(attachment, doc)
    return True


def _tiny(attachment: Attachment) -> bool:
    """Whether a picture is too small to show anything: a pixel that counts readers."""
    return 0 < attachment.size < 600 and attachment.content_type.lower().startswith("image/")


def _another(attachment: Attachment, doc: Doc) -> bool:
    """Whether a likelier picture is attached beside one that is named like a logo of Outlook's."""
    return any(
        other is not attachment
        and other.content_type.startswith("image/")
        and not _OUTLOOK_NAME.match(fold(other.filename))
        for other in doc.message.attachments
    )


def _place(attachment: Attachment, doc: Doc) -> str | None:
    """Where an inline picture stands: "text", "signature", or None where it cannot be told."""
    html = doc.message.html
    at = html.find("cid:" + attachment.content_id) if attachment.content_id else -1
    if at < 0:
        return None
    tag = html[html.rfind("<", 0, at) : html.find(">", at) + 1].lower()
    if _LOGO.search(fold(tag)):
        return "signature"
    sizes = [int(x) for x in re.findall(r"(?:width|height)\s*[=:]\s*\"?(\d+)", tag)]
    if sizes and max(sizes) <= 160:
        return "signature"
    if sizes and max(sizes) >= 250:
        return "text"
    for line in doc.lines:
        if line.part is Part.SIGNATURE and attachment.filename and attachment.filename in line.raw:
            return "signature"
    return None


def in_text(doc: Doc, spoken: bool) -> Iterator[Found]:
    """A link to a picture, video or log; lines of a log; a terminal session; a picture of another's HTML."""
    stamped = []
    for row in doc.rows[:600]:
        text = doc.text[row.start : min(row.end, row.start + 400)]
        folded = doc.folded[row.start : row.start + len(text)]
        if _LOG_LINE.match(text):
            stamped.append(row)
            if len(stamped) > 1 or re.search(
                r"\b(?:error|erro|fatal|warn|info|debug|exception|severe|fail\w*)\b", folded
            ):
                yield found(doc, FIELD, stamped[0].start, row.end, "log lines", 0.9)
                return
        if _PROMPT.match(text) and not text.lstrip().startswith((">", "# ")):
            yield found(doc, FIELD, row.start, row.end, "terminal", 0.85)
            return
        for link in _LINK.finditer(folded) if "://" in folded else ():
            if _DOCS.search(link[1]):
                continue
            shared = _SHARE.search(link[1]) or _SHARED_PATH.search(link[2] or "")
            around = doc.folded[max(0, row.start + link.start() - 160) : row.end]
            before = doc.folded[max(0, row.start + link.start() - 100) : row.start + link.start()]
            if (
                (shared and not _DOCS.search(link[1].split(".")[0])) or _SHARED_PATH.search(link[2] or "")
            ) and _TOLD.search(around):
                yield found(doc, FIELD, row.start, row.end, "link", 0.85)
                return
            if not _DOCS.search(link[2] or "") and _SHOWS.search(before):
                yield found(doc, FIELD, row.start, row.end, "link", 0.75)
                return
            if re.search(r"\.(?:png|jpe?g|gif|mp4|mov|webm|log|har)\b", link[2] or ""):
                yield found(doc, FIELD, row.start, row.end, "link", 0.8)
                return
        inline = _INLINE.search(text) if _may_show(folded) else None
        if (
            inline
            and not doc.message.attachments
            and not _LOGO.search(folded)
            and (spoken or _TELLING_NAME.search(folded))
        ):
            yield found(doc, FIELD, row.start, row.end, "picture", 0.7)
            return
