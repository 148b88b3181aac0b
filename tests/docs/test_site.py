"""The built site: no warning, no broken link, and nothing that is read from the network."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.docs.pages import DOCS, REPOSITORY

pytestmark = pytest.mark.system


class Page(HTMLParser):
    """The anchors of a page, the addresses of its links, and of what it loads."""

    def __init__(self, path: Path):
        super().__init__()
        self.path, self.anchors, self.links, self.loaded = path, set(), set(), set()
        self.feed(path.read_text())

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        self.anchors |= {values[name] for name in ("id", "name") if name in values}
        if tag == "a" and "href" in values:
            self.links.add(values["href"])
        if tag == "link" and "href" in values:
            self.loaded.add(values["href"])
        if tag in ("script", "img", "source", "iframe") and "src" in values:
            self.loaded.add(values["src"])


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """Build the site as `make docs` does, into a folder of its own."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "--quiet", "--fail-on-warning", "--keep-going", "--fresh-env"]
    done = subprocess.run([*command, DOCS, folder], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def pages(site) -> dict[Path, Page]:
    return {path: Page(path) for path in site.rglob("*.html") if "_static" not in path.parts}


def test_every_link_of_the_site_leads_somewhere(site, pages):
    broken = []
    for path, page in pages.items():
        for link in page.links | page.loaded:
            if re.match(r"\w+:", link):
                continue
            address, _, anchor = unquote(link).partition("#")
            target = (path.parent / address.partition("?")[0]).resolve() if address else path
            found = target.is_file() and (not anchor or target.suffix != ".html" or anchor in pages[target].anchors)
            if not found:
                broken.append((str(path.relative_to(site)), link))
    assert broken == []


def test_every_module_has_a_page(site):
    library = REPOSITORY / "scripts" / "degu"
    for path in library.rglob("*.py"):
        parts = path.relative_to(library.parent).with_suffix("").parts
        name = ".".join(part for part in parts if part != "__init__")
        if not any(part.startswith("_") and part != "__init__" for part in parts):
            assert (site / "reference" / "api" / f"{name}.html").is_file(), name


def test_the_site_needs_no_network(site, pages):
    for page in pages.values():
        assert [address for address in page.loaded if re.match(r"(\w+:)?//", address)] == [], page.path
    for sheet in site.rglob("*.css"):
        assert not re.search(r"(url\(\s*['\"]?|@import\s+['\"])(\w+:)?//", sheet.read_text()), sheet


def test_formulas_are_there_without_a_script(pages):
    losses = next(page.path for page in pages.values() if page.path.match("method/losses.html"))
    assert losses.read_text().count("<math") > 20
    assert "\\frac" not in losses.read_text()
