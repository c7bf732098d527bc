"""How wide a text is, and how it is made to fit: by the widest of the usual sans-serif fonts, to be safe."""

import re
import unicodedata

# Advance widths of DejaVu Sans in thousandths of the size, for the characters from the space to the tilde.
_REGULAR = [
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636,
    636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295,
    295, 656, 557, 863, 748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838,
    500, 500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521,
    392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
]  # fmt: skip
_BOLD = [
    348, 456, 521, 838, 696, 1002, 872, 306, 457, 457, 523, 838, 380, 415, 380, 365, 696, 696, 696, 696, 696,
    696, 696, 696, 696, 696, 400, 400, 838, 838, 838, 580, 1000, 774, 762, 734, 830, 683, 683, 821, 837, 372,
    372, 775, 637, 995, 837, 850, 733, 850, 770, 720, 682, 812, 774, 1103, 771, 724, 725, 457, 365, 457, 838,
    500, 500, 675, 716, 593, 716, 678, 435, 716, 712, 343, 343, 665, 343, 1042, 712, 687, 716, 716, 493, 595,
    478, 712, 652, 924, 645, 652, 582, 712, 365, 712, 838,
]  # fmt: skip
ELLIPSIS = "…"
_MARKS = {"·": 0.4, "–": 0.5, "’": 0.4, "“": 0.6, "”": 0.6, ELLIPSIS: 1.0}  # of the size: punctuation outside the table
_ACCENT = 0.1  # of the size: some letters are wider with a caron beside them
_OTHER = 1.15  # of the size: the widest letter of other alphabets
_WIDE = 1.4  # of the size: ideographs and pictures
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
    widths = _BOLD if bold else _REGULAR
    total = 0.0
    for character in unicodedata.normalize("NFD", text):
        code = ord(character)
        if 32 <= code < 127:
            total += widths[code - 32] / 1000
        elif unicodedata.combining(character):
            total += _ACCENT
        else:
            wide = code > 0xFFFF or unicodedata.east_asian_width(character) in "WF"
            total += _WIDE if wide else _MARKS.get(character, _OTHER)
    return total * size


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
