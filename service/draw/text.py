"""How wide a text is, and how it is made to fit: by the widest of the usual sans-serif fonts, to be safe."""

import re
import unicodedata

# Advance widths of DejaVu Sans in thousandths of the size, for the characters from the space to the tilde.
_WIDTHS = [
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636,
    636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295,
    295, 656, 557, 863, 748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838,
    500, 500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521,
    392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
]  # fmt: skip
_BOLD = 1.14  # bold over regular, rounded up
_OTHER = 0.8  # of the size: a letter outside the table
_WIDE = 1.25  # of the size: ideographs and pictures
ELLIPSIS = "…"
_INVISIBLE = re.compile(r"\s+")


def clean(text: str) -> str:
    """Make any text one printable line: control and direction characters go, white space becomes single spaces."""
    line = _INVISIBLE.sub(" ", text).strip()
    return "".join(c for c in line if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn"))


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """Estimate the width of a text, never too low.

    Parameters
    ----------
    text
        One line.
    size, bold
        Its font.

    Returns
    -------
    The width in the unit of the size.
    """
    total = 0.0
    for character in text:
        code = ord(character)
        if 32 <= code < 127:
            total += _WIDTHS[code - 32] / 1000
        elif not unicodedata.combining(character):
            wide = code > 0xFFFF or unicodedata.east_asian_width(character) in "WF"
            total += _WIDE if wide else 1.0 if character == ELLIPSIS else _OTHER
    return total * size * (_BOLD if bold else 1.0)


def shorten(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """Cut a text so that it fits, with an ellipsis where something is missing.

    Parameters
    ----------
    text
        One line.
    width
        The room there is.
    size, bold
        Its font.

    Returns
    -------
    The text, a beginning of it with an ellipsis, or nothing where not even two letters fit.
    """
    if width_of(text, size, bold=bold) <= width:
        return text
    kept = ""
    for character in text:
        if width_of(kept + character + ELLIPSIS, size, bold=bold) > width:
            break
        kept += character
    kept = kept.rstrip(" ,·")
    return kept + ELLIPSIS if len(kept) >= 2 else ""


def wrap(text: str, width: float, size: float, lines: int) -> list[str]:
    """Break a text into lines that fit; the last one is shortened.

    Parameters
    ----------
    text
        One line.
    width, size
        The room of every line, and the size of the font.
    lines
        How many lines there may be.

    Returns
    -------
    At most that many lines.
    """
    words = text.split(" ")
    broken: list[str] = []
    while words and len(broken) < lines - 1:
        count = len(words)
        while count > 1 and width_of(" ".join(words[:count]), size) > width:
            count -= 1
        broken.append(shorten(" ".join(words[:count]), width, size))
        words = words[count:]
    if words:
        broken.append(shorten(" ".join(words), width, size))
    return broken
