"""Splits and batches need labels of the rows, which an importer reads."""

import pytest
import yaml

from degu.config.check_row_labels import check_row_labels
from degu.config.plugins import constant, known_names, options_of
from degu.errors import DeguError
from tests.config.conftest import DATASET

SPLIT = {"train": ["*"], "validation": ["a"], "test": ["b"]}


def by(method):
    return {"method": method, "labels": SPLIT}


def test_named_columns_pass(configure):
    configure(dataset={"options": {"split": "set"}, "split": by("column")})
    configure(dataset={"options": {"chromosome": "chr"}, "split": by("chromosome")})
    configure(dataset={"options": {"batch": "library"}, "standardize_batches": True})


@pytest.mark.parametrize(
    ("dataset", "message"),
    [
        ({"split": by("column")}, r"split\.method: `options\.split` names no column\n.*\n.*options: {split: COLUMN}"),
        ({"split": by("chromosome")}, r"split\.method: `options\.chromosome` names no column"),
        ({"split": by("column"), "options": {"split": " "}}, r"split\.method: `options\.split` names no column"),
        ({"split": by("column"), "options": {"chromosome": "c"}}, r"split\.method: `options\.split` names no column"),
        ({"standardize_batches": True}, r"standardize_batches: `options\.batch` names no column"),
    ],
)
def test_a_column_that_is_needed_and_not_named(configure, dataset, message):
    with pytest.raises(DeguError, match=rf"mine\.yaml: {message}"):
        configure(dataset=dataset)


@pytest.mark.parametrize(
    ("dataset", "message"),
    [
        ({"options": {"split": "set"}}, r"options\.split: the column 'set' has no effect\n.*`split.method: column`"),
        ({"options": {"chromosome": "c"}}, r"options\.chromosome: the column 'c' has no effect"),
        ({"options": {"batch": "b"}}, r"options\.batch: the column 'b' has no effect\n.*`standardize_batches: true`"),
        (
            {"options": {"split": "set", "chromosome": "c"}, "split": by("column")},
            r"options\.chromosome: the column 'c'",
        ),
    ],
)
def test_a_column_that_is_named_and_not_needed(configure, dataset, message):
    with pytest.raises(DeguError, match=rf"mine\.yaml: {message}"):
        configure(dataset=dataset)


def test_an_override_may_take_the_effect_from_a_column(configure):
    dataset = {"options": {"batch": "library"}, "standardize_batches": True}
    configure({"overrides": {"datasets": {"mine": {"standardize_batches": False}}}}, dataset=dataset)


@pytest.mark.parametrize(
    ("importer", "changes", "message"),
    [
        ("lentimpra", {"split": by("column")}, r"split\.method: the importer 'lentimpra' reads no split of the rows"),
        (
            "simulated_mpra",
            {"split": by("chromosome")},
            r"split\.method: .* reads no chromosome of the rows\n.*\n.*random",
        ),
        ("synthetic_code", {"split": by("column")}, r"split\.method: the importer 'synthetic_code' reads no split"),
        ("deepstarr", {"standardize_batches": True}, r"standardize_batches: the importer 'deepstarr' reads no batch"),
    ],
)
def test_an_importer_that_reads_no_such_label(configure, importer, changes, message):
    options = {
        "lentimpra": {"cell_type": "K562"},
        "simulated_mpra": {"seed": 1, "number": 9, "effects": {"A": 1.0}, "noise_effects": {}, "interactions": []},
        "synthetic_code": {"seed": 1, "number": 9, "core": ["A"]},
    }
    configure()
    settings = {
        "importer": importer,
        "files": {name: {"path": "x"} for name in constant("importer", importer, "SOURCES", ())},
        "options": options.get(importer, {}),
        "labels": importer == "synthetic_code",
        **changes,
    }
    (configure.folder / "datasets" / "other.yaml").write_text(yaml.safe_dump(settings))
    with pytest.raises(DeguError, match=rf"other\.yaml: {message}"):
        configure({"datasets": ["other"]})


def test_published_labels_of_rows_need_no_option(configure):
    configure()
    settings = {"importer": "deepstarr", "files": {"sequences": {"path": "x"}}, "options": {}}
    study = {"teachers": ["plain"], "students": []}
    (configure.folder / "teachers" / "plain.yaml").write_text("model: {name: motif_cnn}\n")
    for method in ("random", "column", "chromosome"):
        split = {} if method == "random" else {"split": by(method)}
        (configure.folder / "datasets" / "other.yaml").write_text(yaml.safe_dump({**settings, **split}))
        assert configure({"datasets": ["other"]}, study=study).datasets["other"]["split"]["method"] == method


def test_an_importer_that_declares_nothing_is_left_to_the_import(monkeypatch):
    settings = {**DATASET, "split": by("column"), "standardize_batches": True}
    with pytest.raises(DeguError):
        check_row_labels(settings, settings, "mine.yaml")
    monkeypatch.setattr("degu.config.check_row_labels.constant", lambda *arguments: arguments[-1])
    check_row_labels(settings, settings, "mine.yaml")


@pytest.mark.parametrize("importer", known_names("importer"))
def test_an_importer_declares_labels_of_rows_that_are_options_of_its_own(importer):
    declared = constant("importer", importer, "ROW_LABELS", None)
    assert set(declared) <= {"split", "chromosome", "batch"}
    assert {option for option in declared.values() if option} <= set(options_of("importer", importer))
