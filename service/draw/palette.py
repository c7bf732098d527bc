"""Colours and fonts: light to dark by priority, so that they differ for every eye and in print without colour."""

from typing import NamedTuple

from models.enums import Priority

FONTS = "'Helvetica Neue', Helvetica, Arial, 'DejaVu Sans', sans-serif"

PAPER = "#ffffff"
INK = "#1b2733"
MUTED = "#5b6875"
FAINT = "#dfe4e8"
RULE = "#c3cbd2"
CLOSED = "#e8ebee"
TRAVEL = "#7b8794"
ALERT = "#b3261e"


class Shade(NamedTuple):
    """How an appointment of one priority looks."""

    fill: str
    edge: str
    buffer: str
    text: str


SHADES = {
    Priority.LOW: Shade("#dbe7ef", "#8ba3b5", "#eef4f8", INK),
    Priority.NORMAL: Shade("#92c5ea", "#3f7fae", "#d3e8f7", INK),
    Priority.HIGH: Shade("#f2b33d", "#a8740c", "#fae3b4", INK),
    Priority.URGENT: Shade("#b8401c", "#6f2209", "#ebc2b4", "#ffffff"),
}
