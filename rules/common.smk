# What the rules share: the checked configuration, and the paths and recipes that follow from it.
import gc
import sys
from pathlib import Path

# Planning makes millions of objects that stay; to look through them for garbage again and again took a sixth of it.
gc.set_threshold(50_000)

BASE = Path(workflow.basedir)
sys.path.insert(0, str(BASE / "scripts"))

from degu.provenance.code import code_digest
from degu.config.configuration import Configuration, baseline_names
from degu.config.declarations import loss_declaration
from degu.errors import DeguError
from degu.config.plugins import constant, module_name
from snakemake.exceptions import WorkflowError

try:
    CONFIGURATION = Configuration(config, [Path("config"), BASE / "config"])
except DeguError as error:
    raise WorkflowError(str(error))

# Snakemake would show a traceback of its own.
for folder in ("results", "figures", "logs"):
    if Path(folder).exists() and not Path(folder).is_dir():
        raise WorkflowError(
            f"{folder}: there is a file where a folder of results is to be made\n  remedy:   move it away"
        )

DATASETS = list(CONFIGURATION.datasets)
STUDENTS = sorted({name for dataset in DATASETS for name in CONFIGURATION.study(dataset)["students"]})


def ensembles(dataset):
    """The teachers of a data set's study and, by the names they have as teachers, its baselines."""
    study = CONFIGURATION.study(dataset)
    baselines = [name for teacher in study["teachers"] for name in baseline_names(teacher, study["baselines"])]
    return list(dict.fromkeys([*study["teachers"], *baselines]))


def pattern_of_ensembles():
    """A regular expression of all names of teachers and baselines; short, since every path of a job holds it."""
    baselines = {}
    for name in sorted({name for dataset in DATASETS for name in ensembles(dataset)}):
        teacher, dash, baseline = name.partition("-")
        baselines.setdefault(teacher, []).append(dash + baseline)
    teachers = {}
    for teacher, names in baselines.items():
        teachers.setdefault("|".join(names), []).append(teacher)
    return "|".join(f"({'|'.join(teachers[names])})({names})" for names in teachers)


wildcard_constraints:
    dataset="|".join(DATASETS),
    teacher=pattern_of_ensembles(),
    student="|".join(STUDENTS) or "none",
    fraction=r"[0-9.]+",
    seed=r"[0-9]+",
    pack=r"[0-9]+-[0-9]+",
    source="[A-Za-z0-9_]+",


ENSEMBLE = "results/{dataset}/{teacher}/fraction-{fraction}"
STUDENT = f"{ENSEMBLE}/students/{{student}}"


def fractions(dataset):
    """Training fractions of a data set's study, as they stand in paths."""
    return [f"{fraction:g}" for fraction in CONFIGURATION.study(dataset)["fractions"]]


def highest_fraction(dataset):
    return f"{max(CONFIGURATION.study(dataset)['fractions']):g}"


def trained_as(dataset, teacher):
    """The ensemble whose members these are: the first whose members are trained alike.

    A baseline that changes only how its teacher predicts trains no members of its own, nor does one that makes the
    same of two teachers.
    """
    training = CONFIGURATION.training(teacher)
    return next(name for name in ensembles(dataset) if CONFIGURATION.training(name) == training)


def member_seeds(dataset, teacher):
    study = CONFIGURATION.study(dataset)
    members = study["members"] if teacher in study["teachers"] else study["baseline_members"] or study["members"]
    trained = trained_as(dataset, teacher)
    return member_seeds(dataset, trained)[:members] if trained != teacher else list(range(1, members + 1))


def student_seeds(dataset):
    return list(range(1, CONFIGURATION.study(dataset)["student_seeds"] + 1))


def expand_study(pattern, dataset, **chosen):
    """Fill a path pattern with all that a data set's study runs; `chosen` overrides single wildcards."""
    study = CONFIGURATION.study(dataset)
    values = {
        "dataset": dataset,
        "teacher": study["teachers"],
        "student": study["students"],
        "fraction": fractions(dataset),
    }
    return expand(pattern, **{**values, **chosen})


def teacher_recipe(wildcards):
    return CONFIGURATION.teacher(wildcards.teacher)


def training_recipe(wildcards):
    return CONFIGURATION.training(wildcards.teacher)


def student_recipe(wildcards):
    return CONFIGURATION.student(wildcards.teacher, wildcards.student)


def training_code(script, recipe):
    """Digest of all the code that a training runs, its model and loss included."""
    plugins = [module_name("model", recipe["model"]["name"]), module_name("loss", recipe["loss"]["name"])]
    return code_digest(script, *plugins)
