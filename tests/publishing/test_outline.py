from publishing.outline import Heading, outline


def test_every_h2_gets_an_id_and_stands_in_the_list() -> None:
    html, headings = outline("<h2>What it is</h2><p>Text.</p><h3>More</h3><p>Text.</p><h2>What to do</h2><p>Text.</p>")
    assert html == (
        '<h2 id="section-1">What it is</h2><p>Text.</p><h3>More</h3><p>Text.</p>'
        '<h2 id="section-2">What to do</h2><p>Text.</p>'
    )
    assert headings == [Heading("section-1", "What it is"), Heading("section-2", "What to do")]


def test_both_languages_of_a_text_have_the_same_ids() -> None:
    chinese = outline("<h2>定义</h2><p>疼痛。</p><h2>定义</h2><p>疼痛。</p>")[1]
    assert [heading.id for heading in chinese] == ["section-1", "section-2"]


def test_the_list_has_the_words_of_a_heading_without_its_markup() -> None:
    assert outline("<h2>Pain &amp; <strong>you</strong></h2><p>Text.</p>")[1] == [Heading("section-1", "Pain & you")]


def test_the_text_is_cleaned() -> None:
    dirty = '<h2 id="x" onclick="y()">Pain</h2><script>alert(1)</script><p style="color:red">Text.</p>'
    assert outline(dirty)[0] == '<h2 id="section-1">Pain</h2><p>Text.</p>'


def test_nothing_comes_of_nothing() -> None:
    assert outline("") == ("", [])
