"""Data sets whose importer cannot read them are refused."""

import re

import pytest
import yaml

from degu.config.check_dataset import check_dataset
from degu.config.plugins import constant, known_names
from degu.errors import DeguError
from tests.config.conftest import BASELINE, DATASET
from tests.conftest import REPOSITORY


def test_a_missing_option_of_an_importer_is_named(configure):
    configure()
    path = configure.folder / "datasets" / "bare.yaml"
    path.write_text(yaml.safe_dump({**DATASET, "options": {}}))
    with pytest.raises(DeguError, match=r"bare\.yaml: options: option 'targets' is missing"):
        configure({"datasets": ["bare"]})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"importer": "tabel"},
            r"mine\.yaml: importer: there is no importer 'tabel'\n.*did you mean 'table'",
        ),
        ({"options": {"sequnce": "x"}}, r"mine\.yaml: options: unknown option 'sequnce'(.|\n)*'sequence'"),
        ({"options": {"sequence": 3}}, r"mine\.yaml: options\.sequence: 3 is not of type str"),
        ({"options": {"drop_bad_rows": True}}, "unknown option 'drop_bad_rows'"),
    ],
)
def test_an_importer_or_option_that_does_not_exist_is_named(configure, changes, message):
    with pytest.raises(DeguError, match=message):
        configure(dataset=changes)


def test_the_settings_of_a_data_set_are_returned_as_they_are(configure):
    settings = configure().datasets["mine"]
    assert check_dataset(settings, {}, "mine.yaml") is settings
    assert settings["options"] == DATASET["options"]


@pytest.mark.parametrize("importer", known_names("importer"))
def test_an_importer_declares_the_files_that_it_reads(importer):
    source = (REPOSITORY / "scripts" / "degu" / "data" / "importers" / f"{importer}.py").read_text()
    read = set(re.findall(r"""files\[["'](\w+)["']\]""", source))
    assert read
    declared = [constant("importer", importer, name, ()) for name in ("SOURCES", "OPTIONAL_SOURCES")]
    assert {*declared[0], *declared[1]} == read


def write(configure, name="other", **changes):
    configure()
    path = configure.folder / "datasets" / f"{name}.yaml"
    path.write_text(yaml.safe_dump({**DATASET, **changes}))
    return {"datasets": [name]}


def test_a_file_that_the_importer_does_not_read_is_refused(configure):
    with pytest.raises(DeguError, match=r"mine\.yaml: files: the importer 'table' reads no file 'more'"):
        configure(dataset={"files": {"more": {"path": "x"}}})
    config = write(configure, files={"tables": {"path": "x"}})
    with pytest.raises(DeguError, match=r"other\.yaml: files: the importer 'table' reads no file 'tables'\n.*'table'"):
        configure(config)


def test_a_file_that_the_importer_needs_is_named(configure):
    config = write(configure, importer="lentimpra", options={"cell_type": "K562"}, files={"sequences": {"name": "x"}})
    with pytest.raises(DeguError, match=r"other\.yaml: files: the file 'activities' is missing\n.*sequences, act"):
        configure(config)


def test_a_file_without_a_place_is_refused(configure):
    config = write(configure, files={"table": {}})
    message = r"other\.yaml: files\.table: neither `path`, `name` nor `url` says where the file is\n"
    with pytest.raises(DeguError, match=message):
        configure(config)


def without_std(configure, **changes):
    targets = {"y": {"replicates": ["a", "b"]}, "z": {"mean": "c"}}
    return write(configure, options={"targets": targets}, **changes)


def test_a_teacher_that_is_trained_on_replicates_needs_them(configure):
    with pytest.raises(DeguError, match=r"(?s)other\.yaml: options\.targets: 'big' is trained on .*motif_cnn"):
        configure(without_std(configure))
    study = {"baselines": ["on_replicates"], "teachers": ["plain"], "students": []}
    (configure.folder / "teachers" / "plain.yaml").write_text("model: {name: motif_cnn}\n")
    for head in ("aleatoric", "replicate_std"):
        (configure.folder / "baselines" / "on_replicates.yaml").write_text(f"heads: [mean, {head}]\n")
        told = r"(?s)'plain-on_replicates' is trained on the standard deviation.*needs no replicates"
        with pytest.raises(DeguError, match=told):
            configure(without_std(configure), study=study)


def test_without_replicates_other_models_are_trained(configure):
    config = without_std(configure)
    (configure.folder / "teachers" / "plain.yaml").write_text("model: {name: motif_cnn}\n")
    baseline = {**BASELINE, "heads": ["mean", "aleatoric"]}
    assert configure(config, study={"teachers": ["plain"]}, baseline=baseline).student("plain", "plain")


def test_a_student_that_is_validated_on_replicates_needs_them(configure):
    config, study = without_std(configure), {"teachers": ["big-noisy"]}
    with pytest.raises(DeguError, match=r"(?s)'plain' is validated on .*set `validation_targets: ensemble`"):
        configure(config, study=study, baseline=BASELINE)
    configure(config, study={**study, "baselines": []}, baseline=BASELINE, student={"validation_targets": "ensemble"})


@pytest.mark.parametrize(
    ("option", "bases", "message"),
    [
        ("left_flank", "ACGU", "letter 'U' at position 4\n.*\n.*write T in place of U"),
        ("right_flank", "AC GT", "a blank at position 3"),
        ("right_flank", "ACRT", "letter 'R' at position 3"),
    ],
)
def test_a_flank_of_other_letters_is_refused(configure, option, bases, message):
    configure(dataset={"options": {option: " ACGTNacgtn\n"}})
    with pytest.raises(DeguError, match=rf"mine\.yaml: options\.{option}: {message}"):
        configure(dataset={"options": {option: bases}})


def test_labels_are_not_standardised(configure):
    changes = {"labels": True, "standardize_batches": True, "options": {"batch": "library"}}
    with pytest.raises(DeguError, match=r"mine\.yaml: standardize_batches: labels of 0 and 1 would be labels no more"):
        configure(dataset=changes)


@pytest.mark.parametrize(("importer", "labels"), [("deepstarr", True), ("lentimpra", True), ("synthetic_code", False)])
def test_an_importer_whose_targets_are_known_decides_on_labels(configure, importer, labels):
    options = {"lentimpra": {"cell_type": "K562"}, "synthetic_code": {"seed": 1, "number": 9, "core": ["SP1"]}}
    files = {name: {"path": "x"} for name in constant("importer", importer, "SOURCES", ())}
    config = write(configure, importer=importer, options=options.get(importer, {}), files=files, labels=labels)
    expected = str(not labels).lower()
    message = (
        rf"other\.yaml: labels: the importer '{importer}' reads .*\n  expected: {expected}\n.*`labels: {expected}`"
    )
    with pytest.raises(DeguError, match=message):
        configure(config)


@pytest.mark.parametrize("size", [0, -1])
def test_no_file_is_smaller_than_a_byte(configure, size):
    with pytest.raises(DeguError, match=r"mine\.yaml: files\.table\.size: (.|\n)*1 or more"):
        configure(dataset={"files": {"table": {"size": size}}})


@pytest.mark.parametrize("url", ["abc", "www.example.org/a.tsv", "file:///tmp/a.tsv", "https://"])
def test_an_address_that_nothing_can_be_downloaded_from_is_refused(configure, url):
    configure(dataset={"files": {"table": {"url": "https://example.org/a.tsv"}}})
    with pytest.raises(
        DeguError, match=r"mine\.yaml: files\.table\.url: .* is not of the right form(.|\n)*begins with http"
    ):
        configure(dataset={"files": {"table": {"url": url}}})


def with_tracks(configure, replicates=("rep1", "rep2"), files=("genome", "regions", "rep1", "rep2"), **options):
    """Return a configuration of a data set with tracks."""
    return write(
        configure,
        importer="profiles",
        files={name: {"path": "x"} for name in files},
        options={"tracks": {"cuts": {"replicates": list(replicates)}}, **options},
    )


def test_tracks_name_further_files(configure):
    configure(with_tracks(configure))
    configure(with_tracks(configure, files=("genome", "regions", "rep1", "rep2", "exclusion")))
    with pytest.raises(
        DeguError, match=r"other\.yaml: files: the file 'rep2' is missing\n.*: genome, regions, rep1, rep2"
    ):
        configure(with_tracks(configure, files=("genome", "regions", "rep1")))
    with pytest.raises(
        DeguError, match=r"files: the importer 'profiles' reads no file 'rep3'\n  expected: did you mean"
    ):
        configure(with_tracks(configure, files=("genome", "regions", "rep1", "rep2", "rep3")))
    with pytest.raises(DeguError, match=r"other\.yaml: options\.tracks: the file 'rep1' is named twice"):
        configure(with_tracks(configure, replicates=("rep1", "rep1")))
    with pytest.raises(DeguError, match=r"other\.yaml: options\.output_length: 3000 is out of range\n.*input_length"):
        configure(with_tracks(configure, output_length=3000))


def test_a_teacher_of_replicates_needs_two_tracks(configure):
    with pytest.raises(
        DeguError, match=r"other\.yaml: options\.tracks: 'big' is trained on .*\n.*two replicates or more"
    ):
        configure(with_tracks(configure, replicates=["rep1"], files=("genome", "regions", "rep1")))
