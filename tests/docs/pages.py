"""The pages that a person reads: README.md, CONTRIBUTING.md and docs/; their links, headings and blocks of code."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

REPOSITORY = Path(__file__).parents[2]
DOCS = REPOSITORY / "docs"
PAGES = [REPOSITORY / "README.md", REPOSITORY / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))]


class Block(NamedTuple):
    """A block of code.

    Attributes
    ----------
    language
        The language of the code, such as `bash`.
    caption
        The path of the file that the code is to be written to; empty if there is none.
    code
        The code itself.
    """

    language: str
    caption: str
    code: str


@cache
def tokens(page: Path) -> list[Token]:
    """Return what a page consists of."""
    return MarkdownIt("commonmark").enable("table").parse(page.read_text())


def blocks(page: Path) -> list[Block]:
    """Return the blocks of code of a page, in order."""
    found = []
    for token in tokens(page):
        if token.type == "fence":
            directive, language = re.fullmatch(r"(?:\{([\w-]+)\} ?)?(.*)", token.info.strip()).groups()
            caption = re.match(r":caption: (.*)\n", token.content)
            if directive in (None, "code-block"):
                code = token.content[caption.end() :] if caption else token.content
                found.append(Block(language, caption[1] if caption else "", code))
    return found


def links(page: Path) -> Iterator[str]:
    """Yield the target of every link and picture of a page."""
    for token in tokens(page):
        for child in token.children or ():
            if child.type in ("link_open", "image"):
                yield child.attrs["href" if child.type == "link_open" else "src"]
        if token.type == "fence" and token.info.startswith(("{image}", "{literalinclude}", "{include}")):
            yield token.info.split()[1]


def headings(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub and the site make them."""
    following = zip(tokens(page), tokens(page)[1:], strict=False)
    titles = (inline for opening, inline in following if opening.type == "heading_open")
    text = ("".join(child.content for child in title.children) for title in titles)
    return {re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-") for title in text}


def inline_code(page: Path) -> Iterator[str]:
    """Yield what stands in backticks within the sentences of a page."""
    for token in tokens(page):
        for child in token.children or ():
            if child.type == "code_inline":
                yield child.content
