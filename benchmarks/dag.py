"""Time that Snakemake takes to plan ever larger runs, beside a plain workflow of as many jobs and files.

    python benchmarks/dag.py [--models 10 24 52 108] [--repeats 3]

Each run is the paper's configuration with `--models` members, baseline members and students of each recipe, planned by
`snakemake -n` in a process of its own, in an empty folder. The plain workflow trains, predicts and explains groups of
ten models with the directives of this project's rules, but its inputs are patterns and its parameters constants: it is
what Snakemake itself takes. Processor time is given, of which other work on the machine adds little; of several
repeats the least. `done` is a second dry run when every output exists and has its record: nothing is left to do.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import yaml

REPOSITORY = Path(__file__).parent.parent
# A training of the paper's configuration.
TARGET = "train_member:dataset=deepstarr,teacher=deepstarr,fraction=1,seed=1"
PLAIN = """
rule all:
    input:
        expand("{{group}}/{{kind}}.h5", group=range({groups}), kind=["predictions", "attributions"]),
        expand("rest/{{seed}}.keras", seed=range({rest})),

rule store:
    output: "store.h5"
    log: "logs/store.log"
    benchmark: "benchmarks/store.tsv"
    conda: "environment.yaml"
    params: code="0123456789abcdef"
    message: "Importing"
    script: "script.py"

rule train:
    input: "store.h5"
    output: model="{{group}}/{{seed}}.keras", description="{{group}}/{{seed}}.json"
    log: "logs/train/{{group}}/{{seed}}.log"
    benchmark: "benchmarks/train/{{group}}/{{seed}}.tsv"
    conda: "environment.yaml"
    resources: gpu=1, mem_mb=6000, runtime="6h"
    params: recipe={{"loss": "mse", "batch_size": 128}}, seed=1, deterministic=True, code="0123456789abcdef"
    message: "Training {{wildcards.seed}} of {{wildcards.group}}"
    script: "script.py"

rule predict:
    input:
        store="store.h5",
        models=expand("{{{{group}}}}/{{seed}}.keras", seed=range(10)),
        descriptions=expand("{{{{group}}}}/{{seed}}.json", seed=range(10)),
    output: "{{group}}/predictions.h5"
    log: "logs/predict/{{group}}.log"
    benchmark: "benchmarks/predict/{{group}}.tsv"
    conda: "environment.yaml"
    resources: gpu=1, mem_mb=6000, runtime="1h"
    params: seeds=list(range(10)), deterministic=True, code="0123456789abcdef"
    message: "Predicting with {{wildcards.group}}"
    script: "script.py"

use rule predict as attribute with:
    output: "{{group}}/attributions.h5"
    log: "logs/attribute/{{group}}.log"
    benchmark: "benchmarks/attribute/{{group}}.tsv"
    message: "Explaining {{wildcards.group}}"
"""


def write_study(folder: Path, models: int) -> Path:
    """Write the paper's configuration with other numbers of models, and return its path."""
    paper = yaml.safe_load((REPOSITORY / "config" / "paper.yaml").read_text())
    paper["study"] |= dict.fromkeys(("members", "baseline_members", "student_seeds"), models)
    path = folder / "study.yaml"
    path.write_text(yaml.safe_dump(paper))
    return path


def write_plain(folder: Path, jobs: int) -> Path:
    """Write a plain workflow of as many jobs, and return its path."""
    # Two jobs are `all` and `store`, and a group has twelve.
    groups, rest = divmod(jobs - 2, 12)
    path = folder / "Snakefile"
    path.write_text(PLAIN.format(groups=groups, rest=rest))
    (folder / "script.py").write_text("")
    (folder / "environment.yaml").write_text("channels: [conda-forge]\ndependencies: [python]\n")
    return path


def plan(folder: Path, *arguments: object) -> tuple[float, int]:
    """Run `snakemake -n` in a folder, and return its processor time in seconds and its number of jobs."""
    command = [sys.executable, "-m", "snakemake", "--dry-run", "--quiet", "rules", "--cores", "2", *map(str, arguments)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    output = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    totals = [line.split()[1] for line in output.splitlines() if line.startswith("total ")]
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, int(totals[0]) if totals else 0


def finish(folder: Path, *configurations: Path) -> None:
    """Make every output of a run as an empty file, with the record that Snakemake keeps of each."""
    command = [sys.executable, __file__, "--finish", *map(str, configurations)]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def finish_here(configurations: list[Path]) -> None:
    """Do so for the Snakefile of this folder, or of this project."""
    from snakemake.api import SnakemakeApi
    from snakemake.settings.types import ConfigSettings, ExecutionSettings, OutputSettings, ResourceSettings

    own = Path("Snakefile")
    with SnakemakeApi(OutputSettings()) as api:
        run = api.workflow(
            resource_settings=ResourceSettings(cores=2),
            config_settings=ConfigSettings(configfiles=configurations),
            snakefile=own if own.exists() else REPOSITORY / "Snakefile",
        )
        run.dag()
        # Snakemake has no public way to keep records of jobs that it did not run.
        workflow = run._workflow
        workflow.execution_settings = ExecutionSettings()
        workflow._prepare_dag(forceall=False, ignore_incomplete=True, lock_warn_only=True)
        workflow._build_dag()
        for job in (job for level in workflow.dag.toposorted() for job in level if job.output):
            for file in job.output:
                Path(file).parent.mkdir(parents=True, exist_ok=True)
                Path(file).touch()
            workflow.async_run(workflow.persistence.finished(job))


def compare(repeats: int, ours: Sequence[object], plain: Sequence[object]) -> tuple[float, float, int]:
    """Plan two runs in turn, each a folder and arguments; return the least times, and how many jobs both have."""
    planned = [(plan(*ours), plan(*plain)) for _ in range(repeats)]
    (own, jobs), (other, same) = (min(column) for column in zip(*planned, strict=True))
    if jobs != same:
        raise SystemExit(f"{jobs} jobs, and {same} in the plain workflow")
    return own, other, jobs


def print_row(models: int, repeats: int, own: Path, plain: Path) -> None:
    """Print the times of runs of one size."""
    study = write_study(own, models)
    ours = (own, "--snakefile", REPOSITORY / "Snakefile", "--configfile", study)
    write_plain(plain, plan(*ours)[1])
    new, new_plain, jobs = compare(repeats, ours, (plain,))
    finish(own, study)
    finish(plain)
    done, done_plain, left = compare(repeats, ours, (plain,))
    if left:
        raise SystemExit(f"{left} jobs are left when all outputs are there")
    cells = [f"{a:9.1f}{1000 * a / jobs:8.2f}{b:9.1f}" for a, b in ((new, done), (new_plain, done_plain))]
    print(f"{jobs:8,}{''.join(cells)}{new / new_plain:8.2f}{done / done_plain:6.2f}", flush=True)


def print_one(repeats: int, own: Path, plain: Path) -> None:
    """Print the time of planning one training, as each Slurm job does."""
    paper = REPOSITORY / "config" / "paper.yaml"
    write_plain(plain, 14)
    ours = (own, "--snakefile", REPOSITORY / "Snakefile", "--configfile", paper, "--target-jobs", TARGET)
    alone = min(plan(*ours)[0] for _ in range(repeats))
    floor = min(plan(plain, "--target-jobs", "train:group=0,seed=1")[0] for _ in range(repeats))
    print(f"\nOne training of the paper, as a Slurm job plans it: {alone:.2f} s; of the plain workflow {floor:.2f} s")


def main() -> None:
    """Plan the runs and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=int, nargs="+", default=[10, 24, 52, 108])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--finish", type=Path, nargs="*", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.finish is not None:
        finish_here(options.finish)
        return
    print(f"{'':8}{'this project, s':>26}{'plain workflow, s':>26}{'ratio':>14}")
    print(f"{'jobs':>8}" + f"{'new':>9}{'/1,000':>8}{'done':>9}" * 2 + f"{'new':>8}{'done':>6}")
    for models in options.models:
        with tempfile.TemporaryDirectory() as own, tempfile.TemporaryDirectory() as plain:
            print_row(models, options.repeats, Path(own), Path(plain))
    with tempfile.TemporaryDirectory() as own, tempfile.TemporaryDirectory() as plain:
        print_one(options.repeats, Path(own), Path(plain))


if __name__ == "__main__":
    main()
