from publishing.outline import Heading, outline, scrolling


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


def table(columns: int) -> str:
    row = "".join(f"<td>{n}</td>" for n in range(columns))
    return f"<table><thead><tr><th>Drug</th></tr></thead><tbody><tr>{row}</tr></tbody></table>"


def test_a_table_of_many_columns_scrolls_in_a_place_with_a_name_that_the_keyboard_reaches() -> None:
    assert scrolling(f"<p>Text.</p>{table(4)}<p>Text.</p>", "Table") == (
        f'<p>Text.</p><div class="scroll" role="group" aria-label="Table" tabindex="0">{table(4)}</div><p>Text.</p>'
    )


def test_a_table_of_few_columns_stays_as_it_is() -> None:
    assert scrolling(table(3) * 2, "Table") == table(3) * 2


def test_of_tables_in_a_table_the_inner_one_scrolls() -> None:
    html = f"<table><tr><td>{table(4)}</td></tr></table>"
    assert scrolling(html, "Table").count("<div") == scrolling(html, "Table").count("</div>") == 1
