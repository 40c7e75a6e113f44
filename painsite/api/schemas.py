"""What the answers are made of. Everything medical in them is the text of a live edition, character for character."""

import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, Field
from pydantic.alias_generators import to_camel


class Language(StrEnum):
    ZH_HANS = "zh-hans"
    EN = "en"


class Out(Schema):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Choice(Out):
    value: str = Field(description="The same in every language.")
    label: str = Field(description="For people, in the language asked for.")


class RichText(Out):
    html: str = Field(description="Cleaned: headings (h2, h3), paragraphs, lists, tables, quotations, links.")
    text: str = Field(description="The same words, a line per block.")


class Review(Out):
    role: Choice = Field(description="As what the text was signed. People are not named.")
    on: datetime.date


class Link(Out):
    """Another document that is live in this language."""

    kind: str = Field(description="article, fact, term, topic or comparison.")
    slug: str
    title: str
    url: str = Field(description="Its page for people.")


class Reference(Out):
    citation: str
    claim: str
    url: str
    year: int | None


class Code(Out):
    system: Literal["icd-10", "snomed-ct"] | str
    code: str


class Entry(Out):
    """What is said of every document."""

    kind: str = Field(description="article, fact, term or topic.")
    id: int = Field(description="The document, whatever its address, language and edition.")
    language: Language
    slug: str = Field(description="The last part of its address. It may change; the old one then redirects (301).")
    title: str
    summary: str = Field(description="In one to three sentences that can stand alone; of a misconception the fact.")
    edition: int = Field(description="Number of the edition, counted in this language.")
    live_from: AwareDatetime = Field(description="When this edition was published.")
    expires: AwareDatetime = Field(description="From then on this text must not be shown, even without a network.")
    last_reviewed: datetime.date | None = Field(description="When a clinician last signed this text.")
    reviewed_by: list[Review]
    next_review: datetime.date
    review_overdue: bool = Field(description="If so, say beside the text that it is being reviewed.")
    outdated: bool = Field(
        description="If so, say beside the text that it is out of date: what patients should know or do has changed in "
        "the language that it was translated from."
    )
    url: str = Field(description="The page for people: its canonical address.")
    href: str = Field(description="The whole document, in this interface.")


class ArticleEntry(Entry):
    about: Choice = Field(description="Of an illness, a treatment, a medicine and so on.")


class FactEntry(Entry):
    """A belief is never told without its verdict and the fact. `title` is the question that patients ask."""

    verdict: Choice = Field(description="On the belief: false, partly-true, depends, unproven, true.")
    fact: str


class TermEntry(Entry):
    abbreviation: str
    pinyin: str = Field(description="Of the Chinese name, where the automatic reading would be wrong.")
    category: Choice


class TopicEntry(Entry):
    facet: Choice = Field(description="By what it divides pain: course, part of the body, source, situation.")


class Warned(Out):
    level: Choice = Field(description="caution, urgent or emergency. Show emergencies first.")
    heading: str
    text: str


class Figure(Out):
    picture: str
    caption: str
    legend: list[str] = Field(description="What the numbers in the picture mean, in their order.")
    description: str = Field(description="The whole picture in words.")


class Article(ArticleEntry):
    languages: list[Language] = Field(description="In which this document is live.")
    warnings: list[Warned] = Field(description="The most urgent first. To be shown before the text.")
    body: RichText
    figures: list[Figure]
    questions: list[str] = Field(description="What the reader may want to ask the doctor.")
    references: list[Reference]
    topics: list[Link]
    facts: list[Link]
    comparisons: list[Link]
    related: list[Link]


class Fact(FactEntry):
    languages: list[Language] = Field(description="In which this document is live.")
    misconception: str = Field(description="The belief itself. Never show it without the verdict and the fact.")
    explanation: RichText = Field(description="Why people believe it, and where it fails.")
    advice: RichText = Field(description="What to do.")
    references: list[Reference]
    topics: list[Link]
    terms: list[Link]


class Term(TermEntry):
    languages: list[Language] = Field(description="In which this document is live.")
    explanation: RichText
    names: list[str] = Field(description="Other names that are in use, in this language.")
    codes: list[Code] = Field(description="In ICD-10 and SNOMED CT.")
    see_also: list[Link]


class Topic(TopicEntry):
    languages: list[Language] = Field(description="In which this document is live.")
    codes: list[Code] = Field(description="In ICD-10 and SNOMED CT.")
    parent: Link | None = Field(description="The topic that it belongs under.")


class Paged(Out):
    count: int = Field(description="Of all pages.")
    page: int
    pages: int
    next: str | None = Field(description="Address of the next page.")
    previous: str | None


class Articles(Paged):
    items: list[ArticleEntry]


class Facts(Paged):
    items: list[FactEntry]


class Terms(Paged):
    items: list[TermEntry]


class Topics(Paged):
    items: list[TopicEntry]


class Department(Out):
    """Every text may be empty, but for the emergency number."""

    hospital: str
    department: str
    address: str
    opening_hours: str
    licence: str
    telephone: str
    emergency_number: str


class Refusal(Out):
    place: str = Field(description="query or path.")
    name: str
    detail: str


class Problem(Out):
    """RFC 9457, as application/problem+json. `detail` is for people, in the language that was asked for."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[Refusal] = Field(default=[], description="Of 422: what was not understood.")
    languages: list[Language] = Field(default=[], description="Of 404: the languages that the document is live in.")
    instead: Link | None = Field(default=None, description="Of 410: what to read instead.")


Json = dict[str, Any]
PageNumber = Annotated[int, Field(ge=1, le=10_000, description="Which page.")]
PageSize = Annotated[int, Field(ge=1, le=100, description="Entries on a page.")]
Since = Annotated[
    AwareDatetime | None,
    Field(description="Only what was published at or after this time (with its offset from UTC)."),
]
About = Annotated[str | None, Field(max_length=80, description="Slug of a topic: only what belongs to it.")]
