"""Links, anchors, paths and commands of the pages lead to what exists."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from degu.config import plugins
from tests.docs.pages import DOCS, PAGES, REPOSITORY, blocks, headings, inline_code, links

# Paths of the repository that may stand in sentences; what is written in capitals stands for a name.
FOLDERS = ("benchmarks", "config", "docs", "envs", "profiles", "resources", "rules", "scripts", "slurm", "tests")
# The worked examples of docs/extend/ and docs/guide/own_assay.md write these.
WRITTEN = {block.caption for page in PAGES for block in blocks(page) if block.caption} | {
    "config/datasets/my_assay.yaml"
}


def anchors_of_keys() -> Iterator[str]:
    """Yield the anchors that docs/reference/configuration.md generates."""
    for path in (REPOSITORY / "config" / "schemas").glob("*.schema.yaml"):
        pending = [(path.name.removesuffix(".schema.yaml"), yaml.safe_load(path.read_text()))]
        while pending:
            anchor, schema = pending.pop()
            yield anchor.replace("_", "-")
            pending += [(f"{anchor}-{key}", part) for key, part in schema.get("properties", {}).items()]


def anchors_of_plugins() -> Iterator[str]:
    """Yield the anchors that docs/reference/plugins.md generates."""
    for kind in plugins.KINDS:
        for name in plugins.known_names(kind):
            yield f"{kind}-{name}".replace(" ", "-").replace("_", "-")


# The site alone has these anchors. A link to one names the page, which is found in the repository, too.
GENERATED = {
    DOCS / "reference" / "configuration.md": set(anchors_of_keys()),
    DOCS / "reference" / "plugins.md": set(anchors_of_plugins()),
}


def anchors(page: Path) -> set[str]:
    """Return what links to a page may end in: its headings and its generated entries."""
    return headings(page) | GENERATED.get(page.resolve(), set())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_every_link_leads_somewhere(page):
    broken = []
    for link in links(page):
        if re.match(r"\w+:", link):
            assert link.startswith("https://"), link
            continue
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


def test_only_the_generated_pages_have_anchors_that_are_no_headings():
    """Other links work in the repository as on the site."""
    page = DOCS / "method" / "distillation.md"
    assert "new-sequences" in anchors(page) and "student-labels" not in anchors(page)
    assert {"students", "student-labels"} <= anchors(DOCS / "reference" / "configuration.md")
    assert {"importers", "importer-table"} <= anchors(DOCS / "method" / ".." / "reference" / "plugins.md")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_every_path_of_the_repository_exists(page):
    texts = [*inline_code(page), *(block.code for block in blocks(page) if block.language == "bash")]
    folders = "|".join(FOLDERS)
    paths = {path.strip(".") for text in texts for path in re.findall(rf"(?<![\w/.])(?:{folders})/[\w./]*", text)}
    missing = {path for path in paths if not re.search("[A-Z]{3}", path) and not (REPOSITORY / path).exists()}
    assert missing - WRITTEN == set()


def test_every_make_target_exists():
    targets = set(re.findall(r"^([a-z-]+):", (REPOSITORY / "Makefile").read_text(), re.MULTILINE))
    commands = [block.code for page in PAGES for block in blocks(page) if block.language == "bash"]
    commands += [code for page in PAGES for code in inline_code(page)]
    command = re.compile(r"^make (?:PYTHON=\S+ )?([a-z-]+)", re.MULTILINE)
    named = {target for text in commands for target in command.findall(text)}
    assert named >= {"demo", "test", "docs"}
    assert named - targets == set()


def test_the_readme_is_a_screen_and_a_half():
    assert len((REPOSITORY / "README.md").read_text().splitlines()) < 150


def test_every_page_is_in_the_navigation():
    """Each folder of docs/ has an index that names its pages; Sphinx checks that none is left out."""
    for index in DOCS.rglob("index.md"):
        listed = re.findall(r"```\{toctree\}\n:hidden:\n\n(.*?)```", index.read_text(), re.DOTALL)
        assert listed, index
        for name in listed[0].split():
            assert (index.parent / f"{name}.md").is_file(), (index, name)


def test_nothing_that_a_page_says_leads_off_the_repository():
    """No path of one machine, such as a home folder, stands in a page."""
    for page in PAGES:
        text = page.read_text()
        assert not re.search(r"(?<![\w.])/(home|root|work|tmp|Users)/", text), page
