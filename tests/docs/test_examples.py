"""The configurations that README.md and the guide show are accepted as they stand."""

from pathlib import Path

import pytest
import yaml

from degu.config.configuration import Configuration
from degu.config.schemas import merge, read_yaml
from tests.docs.pages import DOCS, REPOSITORY, blocks

DEFAULT = read_yaml(REPOSITORY / "config" / "config.yaml")


def yaml_blocks(page: Path) -> list[dict]:
    return [yaml.safe_load(block.code) for block in blocks(page) if block.language == "yaml"]


@pytest.mark.parametrize("page", ["README.md", "docs/guide/own_assay.md"])
def test_the_own_assay_is_accepted(page, tmp_path):
    assay = next(block for block in yaml_blocks(REPOSITORY / page) if "importer" in block)
    (tmp_path / "datasets").mkdir()
    (tmp_path / "datasets" / "my_assay.yaml").write_text(yaml.safe_dump(assay))
    settings = {**DEFAULT, "datasets": ["my_assay"]}
    study = Configuration(settings, [tmp_path, REPOSITORY / "config"]).study("my_assay")
    assert study["teachers"] == ["motif_cnn_aleatoric"]


def test_both_pages_show_the_same_assay():
    shown = [yaml_blocks(page)[0] for page in (REPOSITORY / "README.md", DOCS / "guide" / "own_assay.md")]
    assert shown[0] == shown[1]


def test_settings_laid_over_the_default_are_accepted():
    [mine] = yaml_blocks(DOCS / "guide" / "runs.md")
    configuration = Configuration(merge(DEFAULT, mine), [REPOSITORY / "config"])
    assert configuration.study("deepstarr_subset")["members"] == 3
    assert configuration.teacher("deepstarr")["epochs"] == 20
    assert configuration.teacher("deepstarr")["model"] == {"name": "deepstarr", "width": 0.5}
