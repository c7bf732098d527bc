from hypothesis import given, strategies as st
from matplotlib import get_data_path
from matplotlib.ft2font import FT2Font

from service.draw.text import ELLIPSIS, clean, shorten, width_of, wrap

FONTS = {
    bold: FT2Font(f"{get_data_path()}/fonts/ttf/{name}.ttf")
    for bold, name in ((False, "DejaVuSans"), (True, "DejaVuSans-Bold"))
}
LATIN = st.text(st.characters(min_codepoint=32, max_codepoint=0x17E, exclude_categories=["Cc"]), max_size=30)


def drawn_width(text: str, *, bold: bool) -> float:
    """What the font itself says, per unit of size."""
    font = FONTS[bold]
    font.set_size(1000, 72)
    return sum(font.load_char(ord(c)).linearHoriAdvance for c in text) / 65536 / 1000


@given(LATIN, st.booleans())
def test_width_is_never_below_the_font(text: str, bold: bool) -> None:
    assert width_of(text, 1, bold=bold) >= drawn_width(text, bold=bold) - 0.001 * len(text)


def test_width_of_ascii_is_that_of_the_font() -> None:
    assert round(width_of("Ana", 1000)) == round(drawn_width("Ana", bold=False) * 1000) == 684 + 634 + 613


@given(st.text(max_size=60), st.floats(0, 300), st.floats(5, 30), st.booleans())
def test_shortened_text_fits(text: str, width: float, size: float, bold: bool) -> None:
    assert width_of(shorten(text, width, size, bold=bold), size, bold=bold) <= width


def test_shortened_text_ends_with_an_ellipsis() -> None:
    # In thousandths: Fortnightl 4841, the ellipsis 1000, and the next letter 592.
    assert shorten("Fortnightly clean", 60, 10) == "Fortnightl" + ELLIPSIS


def test_text_that_fits_stays_as_it_is() -> None:
    assert shorten("Keys", 60, 10) == "Keys"


def test_no_text_is_better_than_a_letter() -> None:
    assert shorten("Fortnightly", 12, 10) == ""


@given(st.text(max_size=200), st.floats(20, 300), st.integers(1, 4))
def test_wrapped_lines_fit(text: str, width: float, lines: int) -> None:
    broken = wrap(text, width, 10, lines)
    assert len(broken) <= lines
    assert all(width_of(line, 10) <= width for line in broken)


def test_wrapping_keeps_words_whole() -> None:
    assert wrap("Grand Lake Pediatrics", 62, 10, 2) == ["Grand Lake", "Pediatrics"]


def test_clean_text_is_one_line_without_controls() -> None:
    assert clean(" a\nb\tc\x1b[31m \u202edc\x00 ") == "a b c[31m dc"
