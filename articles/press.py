"""The press: a page of HTML on standard input, a tagged PDF (PDF/UA-1) on standard output.

A program by itself, which `articles.printing` runs once a PDF: what it takes in memory is given back, what it cannot
finish is stopped, and no thread of the site is ever forked. It imports nothing of the site and asks nobody for
anything: the page brings its style and pictures along, and the only fonts are those that FONTCONFIG_FILE names.

Its exit code is 3 where the libraries that it draws with are not installed.
"""

import contextlib
import os
import sys
import warnings
from collections.abc import Iterator
from typing import Any

MEMORY = 768 * 1024 * 1024  # bytes of address space; a book of twelve sheets takes a third of it
SECONDS = 60  # of a processor's time
LIBRARIES_MISSING = 3


def press(html: str) -> bytes:
    """The same page gives the same bytes: nothing in them comes from the clock."""
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    class Nothing(URLFetcher):
        """Whatever a page asks for beyond itself, it does not get: no host, no file, no data address."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            raise ValueError("A hand-out brings everything along.")

    with speaking_of_languages():
        return bytes(HTML(string=html, url_fetcher=Nothing()).write_pdf(pdf_variant="pdf/ua-1") or b"")


@contextlib.contextmanager
def speaking_of_languages() -> Iterator[None]:
    """Writes the language of each part into its tag, which WeasyPrint 70 does for the whole document only.

    Without it a voice would read the English column in Chinese.
    """
    import pydyf
    from weasyprint.pdf import tags

    plain = tags._build_box_tree

    def with_language(box: Any, *rest: Any) -> Iterator[Any]:
        element = getattr(getattr(box, "_box", box), "element", None)
        language = element.get("lang") if element is not None and element.tag != "html" else None
        for tag in plain(box, *rest):
            if language:
                tag["Lang"] = pydyf.String(language)
            yield tag

    tags._build_box_tree = with_language
    try:
        yield
    finally:
        tags._build_box_tree = plain


def limit() -> None:
    """Later than any page view, and within bounds; where the system knows no such bound (macOS), without it."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        os.nice(5)
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def main() -> int:
    limit()
    warnings.simplefilter("ignore")
    try:
        import weasyprint  # noqa: F401
    except OSError as error:
        print(error, file=sys.stderr)
        return LIBRARIES_MISSING
    if "--check" not in sys.argv:
        sys.stdout.buffer.write(press(sys.stdin.buffer.read().decode()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
