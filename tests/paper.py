"""Hand-outs as a test reads them."""

import io
import re
from collections.abc import Iterator
from typing import Any

import pypdf
import pytest
from django.core.cache import caches

from articles import printing

needs_press = pytest.mark.skipif(
    not printing.is_possible(), reason=f"left out: hand-outs need Pango: sudo apt install {printing.PACKAGES}"
)


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing was printed before, and it may take as long as it takes on a busy machine."""
    caches["handouts"].clear()
    monkeypatch.setattr(printing, "PATIENCE", 900)
    monkeypatch.setattr(printing, "LONGEST", 900)


class Paper:
    """A PDF: its words, its tags in their order, its fonts and its links."""

    def __init__(self, pdf: bytes) -> None:
        self.reader = pypdf.PdfReader(io.BytesIO(pdf))
        self.root: Any = self.reader.trailer["/Root"]

    @property
    def words(self) -> str:
        """Everything, without white space: a line ends anywhere in Chinese."""
        return squeezed("".join(page.extract_text() for page in self.reader.pages))

    @property
    def title(self) -> str | None:
        return self.reader.metadata.title if self.reader.metadata else None

    def tags(self, node: Any = None) -> Iterator[Any]:
        """Every structure element, in the order in which it is read aloud."""
        node = self.root["/StructTreeRoot"] if node is None else node
        kids = node.get("/K", [])
        for kid in kids if isinstance(kids, list) else [kids]:
            kid = kid.get_object()
            if isinstance(kid, dict) and "/S" in kid:
                yield kid
                yield from self.tags(kid)

    def names(self) -> list[str]:
        return [tag["/S"] for tag in self.tags()]

    @property
    def fonts(self) -> dict[str, bool]:
        """By name, without the mark of a subset: whether it is embedded."""
        found = {}
        for page in self.reader.pages:
            for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
                inner = font.get_object()["/DescendantFonts"][0].get_object()
                descriptor = inner["/FontDescriptor"].get_object()
                is_embedded = any(f"/FontFile{kind}" in descriptor for kind in ("", "2", "3"))
                found[re.sub(r"^/?[A-Z]{6}\+", "", inner["/BaseFont"])] = is_embedded
        return found

    @property
    def links(self) -> list[str]:
        notes = [note.get_object() for page in self.reader.pages for note in page.get("/Annots", [])]
        return [note["/A"]["/URI"] for note in notes if "/URI" in note.get("/A", {})]

    @property
    def size(self) -> tuple[int, int]:
        """In millimetres."""
        box = self.reader.pages[0].mediabox
        return round(float(box.width) / 72 * 25.4), round(float(box.height) / 72 * 25.4)


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u2060]", "", text)
