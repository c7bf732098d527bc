"""The pages that clients see: each whole by itself, with no script, for a phone first."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from html import escape

_STYLE = """
:root{color-scheme:light dark;font:1.0625rem/1.5 system-ui,sans-serif}
body{margin:0 auto;max-width:34rem;padding:1.5rem 1rem 3rem}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 1rem}
dl{display:grid;grid-template-columns:auto 1fr;gap:.25rem 1rem;margin:0 0 1.5rem}
dt{opacity:.7}dd{margin:0;overflow-wrap:anywhere}
fieldset{border:0;margin:0 0 1rem;padding:0}legend{font-weight:600;margin-bottom:.5rem;padding:0}
label{display:flex;gap:.75rem;align-items:center;min-height:3rem;padding:0 .75rem;margin-bottom:.5rem;
border:1px solid;border-radius:.5rem;cursor:pointer}
button{font:inherit;font-weight:600;width:100%;min-height:3rem;border:0;border-radius:.5rem;
background:#0b57d0;color:#fff;cursor:pointer}
button.ends{background:#b3261e}
:focus-visible{outline:3px solid #f29900;outline-offset:2px}
.note{border-left:.25rem solid #f29900;padding-left:.75rem}
""".strip()
_HASH = base64.b64encode(sha256(_STYLE.encode()).digest()).decode()
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_HASH}'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several things to choose: what is sent, and what is read."""

    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Form:
    """What can be done on a page.

    Parameters
    ----------
    button
        Its text.
    ends
        Whether it takes something away.
    legend, choices
        One of these is chosen first, if there are any; their name is `slot`.
    """

    button: str
    ends: bool = False
    legend: str = ""
    choices: Sequence[Choice] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """What a client sees.

    Parameters
    ----------
    title
        In one line.
    status
        Of HTTP.
    facts
        What it is about, name and text.
    note
        What else there is to know.
    form
        What can be done; None if nothing.
    """

    title: str
    status: int = 200
    facts: Sequence[tuple[str, str]] = ()
    note: str = ""
    form: Form | None = None

    def html(self) -> str:
        """Write it; all that is told is text."""
        parts = [f"<h1>{escape(self.title)}</h1>"]
        if facts := [(name, text) for name, text in self.facts if text]:
            rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in facts)
            parts.append(f"<dl>{rows}</dl>")
        if self.note:
            parts.append(f'<p class="note">{escape(self.note)}</p>')
        if self.form is not None:
            parts.append(_form(self.form))
        return (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{escape(self.title)}</title><style>{_STYLE}</style></head>"
            f"<body><main>{''.join(parts)}</main></body></html>"
        )


def _form(form: Form) -> str:
    rows = "".join(
        f'<label><input type="radio" name="slot" required value="{escape(choice.value)}">{escape(choice.text)}</label>'
        for choice in form.choices
    )
    fields = f"<fieldset><legend>{escape(form.legend)}</legend>{rows}</fieldset>" if rows else ""
    kind = ' class="ends"' if form.ends else ""
    return f'<form method="post">{fields}<button{kind}>{escape(form.button)}</button></form>'
