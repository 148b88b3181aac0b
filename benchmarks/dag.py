"""Time that Snakemake takes to plan ever larger runs, beside a plain workflow of as many jobs and files.

    python benchmarks/dag.py [--models 10 24 52 108] [--repeats 3]

Each run is the paper's configuration with `--models` members, baseline members and students of each recipe, planned by
`snakemake -n` in a process of its own, in an empty folder. The plain workflow trains, predicts and explains groups of
ten models with the directives of this project's rules, but its inputs are patterns and its parameters constants: it is
what Snakemake itself takes. Processor time is given, of which other work on the machine adds little; of several
repeats the least: until all jobs are `known`, which any run waits for; until a dry run has `printed` them; and for a
second dry run when every output exists and has its record, so that all is `done`.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import psutil
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


class Planned(NamedTuple):
    """Processor seconds until all jobs are known, and until each has been printed, and their number."""

    known: float
    printed: float
    jobs: int


def plan(folder: Path, *arguments: object) -> Planned:
    """Run `snakemake -n` in a folder."""
    command = [sys.executable, "-m", "snakemake", "--dry-run", "--quiet", "rules", "--cores", "2", *map(str, arguments)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    known, jobs = 0.0, 0
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        for line in process.stdout:
            # The table of jobs is printed once all are known; a line of it says their number.
            if line.startswith("Job stats:") and not known:
                known = sum(psutil.Process(process.pid).cpu_times()[:2])
            elif line.startswith("total "):
                jobs = int(line.split()[1])
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with exit code {process.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Planned(known, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, jobs)


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


def compare(repeats: int, ours: Sequence[object], plain: Sequence[object]) -> tuple[Planned, Planned]:
    """Plan two runs in turn, each a folder and arguments, and return the least times of each."""
    planned = [(plan(*ours), plan(*plain)) for _ in range(repeats)]
    own, other = (Planned(*map(min, zip(*column, strict=True))) for column in zip(*planned, strict=True))
    if own.jobs != other.jobs:
        raise SystemExit(f"{own.jobs} jobs, and {other.jobs} in the plain workflow")
    return own, other


def print_row(models: int, repeats: int, own: Path, plain: Path) -> None:
    """Print the times of runs of one size."""
    study = write_study(own, models)
    ours = (own, "--snakefile", REPOSITORY / "Snakefile", "--configfile", study)
    write_plain(plain, plan(*ours).jobs)
    new = compare(repeats, ours, (plain,))
    finish(own, study)
    finish(plain)
    done = compare(repeats, ours, (plain,))
    if done[0].jobs:
        raise SystemExit(f"{done[0].jobs} jobs are left when all outputs are there")
    times = [(one.known, one.printed, other.printed) for one, other in zip(new, done, strict=True)]
    cells = "".join(f"{value:9.1f}" for row in times for value in row)
    ratios = "".join(f"{one / other:9.2f}" for one, other in zip(*times, strict=True))
    print(f"{new[0].jobs:8,}{cells}{ratios}", flush=True)


def print_one(repeats: int, own: Path, plain: Path) -> None:
    """Print the time of planning one training, as each Slurm job does."""
    paper = REPOSITORY / "config" / "paper.yaml"
    write_plain(plain, 14)
    ours = (own, "--snakefile", REPOSITORY / "Snakefile", "--configfile", paper, "--target-jobs", TARGET)
    alone = min(plan(*ours).printed for _ in range(repeats))
    floor = min(plan(plain, "--target-jobs", "train:group=0,seed=1").printed for _ in range(repeats))
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
    print(f"{'':8}{'this project, s':>27}{'plain workflow, s':>27}{'ratio':>27}")
    print(f"{'jobs':>8}" + f"{'known':>9}{'printed':>9}{'done':>9}" * 3)
    for models in options.models:
        with tempfile.TemporaryDirectory() as own, tempfile.TemporaryDirectory() as plain:
            print_row(models, options.repeats, Path(own), Path(plain))
    with tempfile.TemporaryDirectory() as own, tempfile.TemporaryDirectory() as plain:
        print_one(options.repeats, Path(own), Path(plain))


if __name__ == "__main__":
    main()
