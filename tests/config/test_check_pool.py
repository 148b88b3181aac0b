"""Pools: files of `config/pools/`, and what students may do with them."""

import pytest
import yaml

from degu.errors import DeguError

MUTATIONS = {"augmentations": [{"name": "mutation", "fraction": 0.1}]}
CROSSOVERS = {"augmentations": [{"name": "two_point_crossover"}]}
NOISE = {"augmentations": [{"name": "gaussian_noise"}, {"name": "mutation"}]}


@pytest.fixture
def read(configure):
    """Return a function that writes a pool and three sets of augmentations, and reads it through the configuration."""

    def call(settings: dict) -> dict:
        sets = {"mutations": MUTATIONS, "crossovers": CROSSOVERS, "noise": NOISE}
        for kind, files in {"pools": {"mine": settings}, "augmentations": sets}.items():
            (configure.folder / kind).mkdir(exist_ok=True)
            for name, content in files.items():
                (configure.folder / kind / f"{name}.yaml").write_text(yaml.safe_dump(content))
        return configure().pool("mine")

    call.configure = configure
    return call


def test_a_pool_is_completed_with_its_name_its_defaults_and_its_augmentation(read):
    assert read({"source": {"name": "random", "number": 5}}) == {
        "name": "mine",
        "source": {"name": "random", "number": 5},
        "augmentation": None,
        "variants": 1,
    }
    found = read({"source": {"name": "training"}, "augmentation": "mutations", "variants": 3})
    assert found["augmentation"] == {**MUTATIONS, "number": 1, "selection": "hard"}


def test_the_home_of_the_user_is_put_into_the_path_of_a_file(read, monkeypatch):
    monkeypatch.setenv("HOME", "/home/somebody")
    assert read({"source": {"name": "file", "path": "~/a.fa"}})["source"]["path"] == "/home/somebody/a.fa"


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"source": {"name": "randm"}}, r"mine\.yaml: source\.name: there is no pool source 'randm'\n.*mean 'random'"),
        ({"source": {"name": "random"}}, r"mine\.yaml: source: option 'number' is missing"),
        ({"source": {"name": "random", "number": "five"}}, r"mine\.yaml: source\.number: 'five' is not of type int"),
        *(
            ({"source": {"name": "random", "number": number}}, rf"mine\.yaml: source\.number: {number} is out of range")
            for number in (-5, 0, 1)
        ),
        ({"source": {"name": "training"}}, r"mine\.yaml: augmentation: the source 'training' without an augmentation"),
        ({"source": {"name": "random", "number": 5}, "variants": 2}, r"mine\.yaml: variants: 2 variants of each"),
        (
            {"source": {"name": "training"}, "augmentation": "noise"},
            r"mine\.yaml: augmentation: the augmentation 'gaussian_noise' changes one-hot values",
        ),
        ({"source": {"name": "training"}, "augmentation": "mutation"}, r"there is no augmentation 'mutation'"),
    ],
)
def test_what_cannot_be_is_told(read, settings, message):
    with pytest.raises(DeguError, match=message):
        read(settings)


GOOD = {"source": {"name": "training"}, "augmentation": "crossovers"}


def test_a_run_knows_the_pools_of_its_students(read):
    read(GOOD)
    assert read.configure().pools() == []
    configuration = read.configure(student={"pool": "mine"})
    assert [pool["name"] for pool in configuration.pools()] == ["mine"]
    assert configuration.student("big", "plain")["pool"]["augmentation"]["augmentations"] == CROSSOVERS["augmentations"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"student": {"augmentation": "crossovers"}}, r"plain\.yaml: augmentation: .*'two_point_crossover' makes seq"),
        ({"teacher": {"augmentation": "crossovers"}}, r"big\.yaml: augmentation: .*'two_point_crossover' makes seq"),
        ({"student": {"pool_size": 10}}, r"plain\.yaml: pool_size: `pool_size` has no effect without a pool"),
        ({"student": {"labels": "members"}}, r"plain\.yaml: labels: `labels: members` has no effect without"),
        ({"student": {"originals": False}}, r"plain\.yaml: originals: without the original sequences"),
        (
            {"student": {"initial_weights": "member", "model": {"units": 3}}},
            r"plain\.yaml: initial_weights: the student's model is not that of its teacher 'big'",
        ),
        ({"student": {"pool": "yours"}}, r"there is no pool 'yours'"),
    ],
)
def test_what_a_recipe_cannot_do_with_them_is_told(read, changes, message):
    read(GOOD)
    with pytest.raises(DeguError, match=message):
        read.configure(**changes)


@pytest.mark.parametrize(
    ("number", "augmentation", "variants", "most"),
    [(60_000, None, 1, 54_000), (11, None, 1, 9), (2, None, 1, 1), (10, "crossovers", 3, 27)],
)
@pytest.mark.parametrize("by_name", [True, False])
def test_no_more_sequences_than_a_pool_has_for_training(read, number, augmentation, variants, most, by_name):
    read({"source": {"name": "random", "number": number}, "augmentation": augmentation, "variants": variants})

    def student_on(size: int) -> dict:
        if by_name:
            name = f"plain@mine-{size}"
            return read.configure(study={"students": [name]}).student("big", name)
        return read.configure(student={"pool": "mine", "pool_size": size}).student("big", "plain")

    assert student_on(most)["pool_size"] == most
    message = rf"plain\.yaml: pool_size: {most + 1:,} sequences of .*'mine', which has {most:,} for training\n.*tenth"
    with pytest.raises(DeguError, match=message):
        student_on(most + 1)


@pytest.mark.parametrize("source", [{"name": "file", "path": "a.fa"}, {"name": "training"}])
def test_any_number_of_sequences_is_planned_if_only_the_data_tell_how_many_there_are(read, source):
    read({"source": source, "augmentation": "crossovers"})
    assert read.configure(student={"pool": "mine", "pool_size": 10**6}).student("big", "plain")["pool_size"] == 10**6


def test_a_student_takes_neither_augmentation_nor_fine_tuning_from_its_teacher(read):
    read(GOOD)
    teacher = {"augmentation": "mutations", "fine_tuning": {"epochs": 3}}
    student = read.configure(teacher=teacher).student("big", "plain")
    assert student["augmentation"] is None
    assert student["fine_tuning"]["epochs"] == 0


def test_members_label_crossovers(read):
    read(GOOD)
    student = read.configure(student={"augmentation": "crossovers", "labels": "members"}).student("big", "plain")
    assert student["augmentation"]["augmentations"] == CROSSOVERS["augmentations"]
