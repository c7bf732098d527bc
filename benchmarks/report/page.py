"""A report as one HTML page, with its pictures beside it."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from benchmarks.report.document import Cell, Document, Heading, Listing, Picture, Table, Text

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #1c2430; max-width: 76rem; margin: 2rem auto; padding: 0 1.25rem; }
h1, h2, h3 { line-height: 1.2; } h2 { margin-top: 2.5rem; }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-size: .875rem; margin: 1rem 0; }
th, td { padding: .3rem .7rem; text-align: left; white-space: nowrap; }
.figure { text-align: right; font-variant-numeric: tabular-nums; }
thead th { border-bottom: 2px solid #1c2430; } tbody tr { border-bottom: 1px solid #e3e6ea; }
figure { margin: 1.5rem 0; } figcaption { color: #556070; font-size: .875rem; } img { max-width: 100%; height: auto; }
@media (prefers-color-scheme: dark) {
  body { color: #e6e9ee; background: #14181f; } thead th { border-color: #e6e9ee; } tbody tr { border-color: #2b323d; }
  img { background: #fff; border-radius: 4px; } figcaption { color: #a3acb9; }
}
"""


def to_page(document: Document) -> str:
    """Write a document as a page.

    Parameters
    ----------
    document
        Any.

    Returns
    -------
    HTML.
    """
    title = escape(document.title)
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    body = "\n".join(_blocks(document))
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>{head}<title>{title}</title><style>{STYLE}</style></head>\n'
        f"<body>\n<h1>{title}</h1>\n{body}\n</body>\n</html>\n"
    )


def _blocks(document: Document) -> Iterator[str]:
    for block in document.blocks:
        match block:
            case Heading():
                yield f"<h{block.level}>{escape(block.text)}</h{block.level}>"
            case Text():
                yield f"<p>{escape(block.text)}</p>"
            case Listing():
                yield "<ul>" + "".join(f"<li>{escape(item)}</li>" for item in block.items) + "</ul>"
            case Table():
                yield _table(block)
            case Picture():
                caption = escape(block.caption)
                image = f'<img src="{escape(block.file)}" alt="{caption}">'
                yield f"<figure>{image}<figcaption>{caption}</figcaption></figure>"


def _table(table: Table) -> str:
    first_figure = len(table.head) - table.figures

    def row(tag: str, cells: tuple[Cell, ...]) -> str:
        return f"<tr>{''.join(_cell(tag, cell, figure=i >= first_figure) for i, cell in enumerate(cells))}</tr>"

    body = "\n".join(row("td", cells) for cells in table.rows)
    head = row("th", tuple(map(Cell, table.head)))
    return f'<div class="wide"><table>\n<thead>{head}</thead>\n<tbody>\n{body}\n</tbody>\n</table></div>'


def _cell(tag: str, cell: Cell, *, figure: bool) -> str:
    text = f"<strong>{escape(cell.text)}</strong>" if cell.strong else escape(cell.text)
    kind = ' class="figure"' if figure else ""
    return f"<{tag}{kind}>{text}</{tag}>"
