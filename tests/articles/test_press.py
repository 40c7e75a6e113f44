"""The press itself, as the program that it is."""

import http.server
import threading
from collections.abc import Iterator

import pytest

from articles import printing
from painsite.cards import FONTS
from tests.paper import Paper, needs_press, patience, squeezed

__all__ = ["patience"]
pytestmark = [needs_press, pytest.mark.usefixtures("patience")]

PAGE = '<html lang="zh-Hans"><title>疼痛</title><style>html {{ font-family: "Noto Sans CJK SC" }}</style>{}'
asked: list[str] = []


class Listener(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        asked.append(self.path)
        self.send_response(204)
        self.end_headers()


@pytest.fixture
def listener() -> Iterator[str]:
    asked.clear()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_no_page_makes_it_ask_another_host(listener: str) -> None:
    hostile = f"""
        <base href="{listener}/base/"><link rel="stylesheet" href="{listener}/link.css">
        <style>@import "{listener}/import.css"; @font-face {{ font-family: f; src: url({listener}/font.woff) }}
        p {{ background: url({listener}/background.png); font-family: f }}
        p::before {{ content: url({listener}/c.png) }}
        ul {{ list-style-image: url({listener}/list.png) }}</style>
        <img src="{listener}/img.png" alt="x"><object data="{listener}/object"></object><embed src="{listener}/embed">
        <svg viewBox="0 0 1 1"><image href="{listener}/svg.png"/><use href="{listener}/use.svg#a"/>
        <style>@import "{listener}/svg.css";</style></svg><p style="background: url({listener}/style.png)">words</p>
        <link rel="attachment" href="{listener}/attachment"><a rel="attachment" href="{listener}/a">a</a>
        <iframe src="{listener}/iframe"></iframe><ul><li>item</li></ul>
    """
    assert "words" in Paper(printing.run(PAGE.format(hostile))).words
    assert asked == []


@pytest.mark.parametrize("url", ["file:///etc/hostname", "file:///etc/passwd", "/etc/passwd", "data:text/css,p%7B%7D"])
def test_no_file_of_the_machine_gets_into_a_pdf(url: str) -> None:
    hostile = (
        f'<img src="{url}" alt="x"><a rel="attachment" href="{url}">a</a><link rel="attachment" href="{url}">'
        f'<link rel="stylesheet" href="{url}"><object data="{url}"></object><p>words</p>'
    )
    pdf = printing.run(PAGE.format(hostile))
    paper = Paper(pdf)
    assert paper.reader.attachments == {}
    assert "words" in paper.words
    assert "root:" not in paper.words


def test_only_the_fonts_of_the_installation_are_used_whatever_a_page_asks_for() -> None:
    text = '<p style="font-family: DejaVu Sans, serif">疼痛 pain ünö <b>粗体 bold</b> <i>slanted</i></p>'
    fonts = Paper(printing.run(PAGE.format(text))).fonts
    assert fonts
    assert all(name.startswith("Noto-Sans-CJK-SC") for name in fonts)
    assert set(fonts.values()) == {True}


def test_bold_is_a_face_of_its_own() -> None:
    fonts = Paper(printing.run(PAGE.format("<p>疼 <b>痛</b></p>"))).fonts
    assert fonts == {"Noto-Sans-CJK-SC": True, "Noto-Sans-CJK-SC-Bold": True}


def test_characters_common_and_rare_are_printed_and_can_be_copied() -> None:
    characters = squeezed((FONTS / "characters.txt").read_text(encoding="utf-8"))
    rare = "瘀痹瘫痿挛髁髌腓骶衄龋颞疖痈疽瘘癫痫砭灸炙"
    sample = [each for each in characters if each >= "\u4e00"][::29] + list(rare)
    words = Paper(printing.run(PAGE.format(f"<p>{''.join(sample)}</p>"))).words
    assert words == "".join(sample)


def test_the_language_of_each_part_is_in_its_tag() -> None:
    paper = Paper(printing.run(PAGE.format('<p>疼痛</p><div lang="en"><p>pain</p></div>')))
    assert paper.root["/Lang"] == "zh-Hans"
    assert [(tag["/S"], tag["/Lang"]) for tag in paper.tags() if "/Lang" in tag] == [("/Div", "en")]


def test_the_same_page_gives_the_same_bytes() -> None:
    page = PAGE.format("<h1>疼痛</h1><p>Pain.</p>")
    assert printing.run(page) == printing.run(page)
