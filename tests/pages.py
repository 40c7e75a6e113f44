"""Public pages as a test reads them."""

from lxml import html


class Document:
    """A page's HTML: `text` is what a reader sees of it, `find` its elements by XPath."""

    def __init__(self, content: bytes) -> None:
        self.root = html.document_fromstring(content.decode())

    def find(self, xpath: str) -> list:
        return self.root.xpath(xpath)

    def texts(self, xpath: str) -> list[str]:
        """The words of each element, in one line each; attributes as they are."""
        found = self.find(xpath)
        return [" ".join((each if isinstance(each, str) else each.text_content()).split()) for each in found]

    @property
    def main(self) -> str:
        (text,) = self.texts("//main")
        return text


def in_this_order(text: str, *parts: str) -> bool:
    """Whether the parts stand in the text one after the other."""
    position = 0
    for part in parts:
        found = text.find(part, position)
        if found < 0:
            return False
        position = found + len(part)
    return True
