"""Sets of augmentations: files of `config/augmentations/`."""

import pytest
import yaml

from degu.config.check_augmentation import check_augmentation
from degu.config.plugins import known_names
from degu.errors import DeguError

SETTINGS = {"augmentations": [{"name": "mutation", "fraction": 0.1}, {"name": "deletion"}], "number": 2}


@pytest.fixture
def read(configure):
    """Return a function that writes a set of augmentations, and reads it through the configuration."""

    def call(settings: dict, overrides: dict | None = None) -> dict:
        folder = configure.folder / "augmentations"
        folder.mkdir(exist_ok=True)
        (folder / "mine.yaml").write_text(yaml.safe_dump(settings))
        return configure({"overrides": overrides or {}}).augmentation("mine")

    return call


def test_a_set_is_completed_with_defaults(read):
    assert read(SETTINGS) == {**SETTINGS, "selection": "hard"}
    entry = {"name": "mononucleotide_shuffle"}
    assert read({"augmentations": [entry]}) == {"augmentations": [entry], "number": 1, "selection": "hard"}


def test_settings_are_laid_over_a_set(read):
    own = {"augmentations": {"mine": {"number": 1, "selection": "soft"}}}
    assert read(SETTINGS, own) == {**SETTINGS, "number": 1, "selection": "soft"}


@pytest.mark.parametrize("name", sorted(set(known_names("augmentation")) - {"motif_planting"}))
def test_every_augmentation_of_the_library_can_be_listed_without_options(read, name):
    assert read({"augmentations": [{"name": name}]})["augmentations"] == [{"name": name}]


def test_an_augmentation_may_stand_in_a_list_twice(read):
    assert len(read({"augmentations": [{"name": "deletion"}] * 2, "number": 2})["augmentations"]) == 2


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"augmentations": [{"name": "deletion"}, {"name": "insertoin"}]},
            r"mine\.yaml: augmentations\.1\.name: there is no augmentation 'insertoin'\n.* did you mean 'insertion'",
        ),
        *(
            (
                {"augmentations": [{"name": name, option: value, **others}], "number": 1},
                rf"mine\.yaml: augmentations\.0 \({name}\)\.{option}: {value} is out of range\n  expected: a number",
            )
            for name, option, value, others in [
                ("mutation", "fraction", 2, {}),
                ("gaussian_noise", "std", -0.5, {}),
                ("reverse_complement", "probability", 1.5, {}),
                ("motif_planting", "number", 0, {"names": ["HNF4A"], "file": "motifs.txt"}),
            ]
        ),
        (
            {"augmentations": [{"name": "deletion", "max": 3}], "number": 1},
            r"mine\.yaml: augmentations\.0 \(deletion\): unknown option 'max'\n.* known: maximum, minimum",
        ),
        (
            {"augmentations": [{"name": "deletion", "maximum": 3.5}], "number": 1},
            r"mine\.yaml: augmentations\.0 \(deletion\)\.maximum: 3\.5 is not of type int",
        ),
        (
            {"augmentations": [{"name": "motif_planting"}], "number": 1},
            r"option 'names' is missing\n  remedy:   see data/augmentation/motif_planting\.py",
        ),
        (
            {"number": 3},
            r"mine\.yaml: number: 3 augmentations a sequence, of a list of 2\n  expected: from 1 to 2.*\n  remedy: ",
        ),
        ({"number": 0}, r"mine\.yaml: number: "),
        ({"selection": "sfot"}, r"mine\.yaml: selection: "),
        ({"augmentations": []}, r"mine\.yaml: augmentations: "),
        ({"augmentations": ["deletion"]}, r"mine\.yaml: augmentations\.0: "),
        ({"augmentations": [{"maximum": 3}]}, r"mine\.yaml: augmentations\.0: the key 'name' is missing"),
        ({"nubmer": 1}, r"mine\.yaml: unknown key 'nubmer'\n.* did you mean 'number'"),
    ],
)
def test_a_mistake_in_a_set_is_reported(read, changes, message):
    with pytest.raises(DeguError, match=message):
        read({**SETTINGS, **changes})


def test_a_list_is_required(read):
    with pytest.raises(DeguError, match="the key 'augmentations' is missing"):
        read({"number": 1})


def test_a_set_that_does_not_exist_is_reported_with_the_nearest(read, configure):
    read(SETTINGS)
    with pytest.raises(DeguError, match=r"there is no augmentation 'mien'\n.* did you mean 'mine'"):
        configure().augmentation("mien")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"selection": "sfot"}, r"x: selection: there is no selection 'sfot'\n.* did you mean 'soft'"),
        ({"augmentations": [], "number": 1}, r"x: number: 1 augmentations a sequence, of a list of 0"),
        ({"augmentations": [{}]}, r"x: augmentations\.0\.name: there is no augmentation 'None'"),
    ],
)
def test_what_the_schema_would_refuse_is_refused_without_it_too(changes, message):
    with pytest.raises(DeguError, match=message):
        check_augmentation({**SETTINGS, "selection": "hard", **changes}, "x")
