"""Templates to text and HTML: Jinja2 in its sandbox, Markdown below it.

In: a folder of templates (`<pack>/<name>.<language>.md.j2`, shared ones in `_base/`), a pack, a name, a language and
the data. Out: `Rendered`: subject, text part, HTML part. Raises `TemplateError` with file and line.

Whatever a template prints with `{{ }}` is data: it is kept beside the text, a placeholder stands for it until the
Markdown is parsed (`markdown.py`), and then it is put in literally. Only what stands in the template file itself is
Markdown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, Template, TemplateNotFound, TemplateSyntaxError, UndefinedError
from jinja2 import TemplateError as JinjaError
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import pass_context
from markupsafe import Markup

from mailbot.errors import TemplateError
from mailbot.reply import style
from mailbot.reply.clean import excerpt, lines, one_line
from mailbot.reply.markdown import parse
from mailbot.reply.plan import CLOSE, OPEN, Item, Verbatim, fill

SHARED = "_base"
# What a template may use. None of them makes Markdown out of data: no `safe`, no `escape`, no `tojson`, no `urlize`.
_FILTERS = (
    "default",
    "first",
    "int",
    "join",
    "last",
    "length",
    "list",
    "lower",
    "round",
    "title",
    "upper",
    "sort",
    "abs",
)
_values: ContextVar[list[str]] = ContextVar("values")


@dataclass(frozen=True, slots=True)
class Rendered:
    subject: str
    text: str
    html: str
    items: tuple[Item, ...]  # the numbered items of the text part, in order
    values: tuple[str, ...]  # the data that were put in; an Item's slots are places in it


@pass_context  # never run while compiling: the value belongs to one mail
def _placeholder(_: Context, value: Any) -> Markup:
    """Keeps the value beside the text and prints a placeholder. A macro's or block's own output passes as it is."""
    if isinstance(value, Markup):
        return value
    if isinstance(value, Verbatim):
        text: str = Verbatim(lines(value))
    elif isinstance(value, str):
        text = lines(value)
    elif value is None:
        text = ""
    elif isinstance(value, (list, tuple, set, frozenset)):
        text = ", ".join(lines(str(v)) for v in value)
    else:
        text = lines(str(value))  # an Undefined raises here
    values = _values.get()
    values.append(text)
    return str.__new__(Markup, f"{OPEN}{len(values) - 1}{CLOSE}")  # Markup's own looks for more than a plain text


def environment(folders: Iterable[Path]) -> ImmutableSandboxedEnvironment:
    """A sandbox that knows a few filters, no globals but `range`, and no file outside the folders."""
    env = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader([str(folder) for folder in folders]),
        undefined=StrictUndefined,
        autoescape=True,  # marks a macro's output as such; data never gets that far
        finalize=_placeholder,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        cache_size=-1,
    )
    env.filters = {name: env.filters[name] for name in _FILTERS}
    env.filters["verbatim"] = lambda text: Verbatim(text)
    env.filters["excerpt"] = lambda text, limit=120: excerpt(str(text), limit)
    env.globals = {"range": env.globals["range"]}
    return env


class TemplateSet:
    """The templates of one folder. Each is compiled once; safe to be used by several threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._get: Callable[[str, str], Template] = lru_cache(maxsize=None)(self._load)
        self._environment = lru_cache(maxsize=None)(lambda pack: environment([folder / pack, folder / SHARED]))

    def _load(self, pack: str, file: str) -> Template:
        if "/" in pack or pack.startswith("."):
            raise TemplateError(f"no pack can be called {pack!r}", where=str(self.folder))
        try:
            return self._environment(pack).get_template(file)
        except TemplateNotFound as error:
            raise TemplateError(
                f"template {error.name} is missing",
                where=str(self.folder / pack / file),
                mend=f"write it there or in {self.folder / SHARED}; `mailbot init` copies those of mailbot",
            ) from error
        except TemplateSyntaxError as error:
            raise TemplateError(
                error.message or "wrong syntax",
                where=f"{error.filename or file}:{error.lineno}",
                mend="see Jinja2's syntax",
            ) from error

    def template(self, pack: str, name: str, language: str) -> Template:
        """The pack's own template, else the shared one. `TemplateError` when it is missing or does not compile."""
        return self._get(pack, f"{name}.{language}.md.j2")

    def render(self, pack: str, name: str, language: str, context: Mapping[str, Any]) -> Rendered:
        """Both parts of the mail. Raises `TemplateError` for a name that the template is not given."""
        template = self.template(pack, name, language)
        values: list[str] = []
        token = _values.set(values)
        try:
            skeleton = template.render(context)
        except (UndefinedError, SecurityError, TypeError, ValueError, ArithmeticError, JinjaError) as error:
            raise TemplateError(
                str(error), where=_place(error, template), mend="see templates/README.md for what is given"
            ) from error
        finally:
            _values.reset(token)
        filled = fill(parse(skeleton), values)
        subject = one_line(filled.head.get("subject", ""))
        return Rendered(
            subject, filled.text, style.page(filled.html, language=language, title=subject), filled.items, tuple(values)
        )


def _place(error: BaseException, template: Template) -> str:
    """File and line of the template's line that failed: Jinja2 rewrites the trace so that it names them."""
    place = template.filename or template.name or ""
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.endswith(".j2"):
            place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
