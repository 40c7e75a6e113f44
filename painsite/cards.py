"""The picture that stands beside a shared link: a page's title, its gist, and the department's mark. Runs no query.

Fonts come with the site (painsite/fonts), so that Chinese is drawn alike everywhere. Of a misconception the picture has
the question, the verdict and the fact, never the belief.
"""

import hashlib
import io
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1200, 630
FONTS = Path(__file__).parent / "fonts"
REGULAR, BOLD = "NotoSansSC-Regular.otf", "NotoSansSC-Bold.otf"
LOOK = "1"  # another number draws every picture anew
INK, SOFT, PAPER, BAND, PAIN, VERDICT = "#16302f", "#35504e", "#fbf6ec", "#0b4643", "#f4b393", "#7a2e12"
MARGIN, INNER = 72, WIDTH - 2 * 72
COLOURS = 32

# Never first in a line, and never last: the marks that Chinese typesetting keeps together with their neighbour.
NOT_FIRST = set("，。、；：？！）》」』”’…—％%,.;:?!)]}·")
NOT_LAST = set("（《「『“‘([{")
# In a Chinese font the curly ones are as wide as a character, which between Latin letters looks like a gap.
STRAIGHT = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "…": "..."})


@dataclass(frozen=True)
class Card:
    site: str
    title: str
    gist: str = ""
    verdict: str = ""

    @property
    def key(self) -> str:
        """What is drawn and how, in twelve characters: in the address, so that what changes has another one."""
        return hashlib.sha256("\0".join([LOOK, self.site, self.title, self.gist, self.verdict]).encode()).hexdigest()[
            :12
        ]


def draw(card: Card) -> bytes:
    """1200 × 630 pixels, as PNG."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, WIDTH, 16), fill=BAND)
    _mark(pen, MARGIN, HEIGHT - 108, 60)
    pen.text((MARGIN + 80, HEIGHT - 78), card.site, font=font(REGULAR, 32), fill=BAND, anchor="lm")
    y = _fitted(pen, 84, card.title, BOLD, (68, 58, 50, 42, 34, 26), INK, room=210)
    if card.verdict:
        y = _fitted(pen, y + 18, card.verdict, BOLD, (38, 30), VERDICT, room=60)
    _fitted(pen, y + 18, card.gist, REGULAR, (36, 32, 28, 24), SOFT, room=HEIGHT - 140 - y - 18)
    file = io.BytesIO()
    image.quantize(COLOURS).save(file, "PNG", optimize=True)
    return file.getvalue()


@cache
def font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / name, size)


def wrapped(text: str, font: ImageFont.FreeTypeFont, width: float = INNER) -> list[str]:
    """The text in lines that are no wider when drawn; Chinese breaks between characters, Latin between words."""
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if line and font.getlength((line + piece).rstrip()) > width:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
        while font.getlength(line.rstrip()) > width:  # one word wider than the picture
            end = max(1, bisect(range(1, len(line)), width, key=lambda end: font.getlength(line[:end])))
            lines.append(line[:end])
            line = line[end:]
    return [*lines, line.rstrip()] if line.strip() else lines


def _pieces(text: str) -> Iterator[str]:
    """What must not be torn apart."""
    piece = ""
    for character in " ".join(text.split()):
        joins = piece and (
            character in NOT_FIRST
            or piece[-1] in NOT_LAST
            or not (_is_wide(character) or _is_wide(piece[-1]) or piece[-1] == " ")
            or character == " "
        )
        if joins or not piece:
            piece += character
        else:
            yield piece
            piece = character
    if piece:
        yield piece


def _is_wide(character: str) -> bool:
    return character >= "\u2e80"


def _step(font: ImageFont.FreeTypeFont) -> int:
    return round(font.size * 1.42)


def _fitted(
    pen: ImageDraw.ImageDraw, y: int, text: str, name: str, sizes: tuple[int, ...], colour: str, room: int
) -> int:
    """Draws the text as large as there is room for, and says where it ends.

    What does not fit even so is left out: half a sentence may say the opposite of the whole.
    """
    if not any(_is_wide(character) for character in text):
        text = text.translate(STRAIGHT)
    for size in sizes:
        face = font(name, size)
        lines = wrapped(text, face)
        if len(lines) * _step(face) <= room:
            for line in lines:
                pen.text((MARGIN, y), line, font=face, fill=colour)
                y += _step(face)
            return y
    return y


def _mark(pen: ImageDraw.ImageDraw, x: int, y: int, size: int) -> None:
    """As in icon.svg, which is 32 units wide."""
    unit = size / 32
    pen.rounded_rectangle((x, y, x + size, y + size), radius=8 * unit, fill=BAND)
    rest = [
        *_curve((18.5, 13.5), (20.1, 10.1), (21.5, 18.5), (23.5, 18)),
        *_curve((23.5, 18), (25.5, 17.5), (26, 17), (28, 17)),
    ]
    pain = [(4, 18), (7.5, 18), (10.5, 8.5), (15, 23.5), (18.5, 13.5)]
    for points, colour in ((pain[-1:] + rest, PAPER), (pain, PAIN)):
        line = [(x + px * unit, y + py * unit) for px, py in points]
        pen.line(line, fill=colour, width=round(2.8 * unit), joint="curve")


def _curve(*points: tuple[float, float]) -> list[tuple[float, float]]:
    """Of a cubic Bézier curve with these four, eight points."""
    found = []
    for step in range(1, 9):
        t = step / 8
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
        x, y = (sum(weight * point[axis] for weight, point in zip(weights, points, strict=True)) for axis in (0, 1))
        found.append((x, y))
    return found
