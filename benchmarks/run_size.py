"""The size of a run: jobs, GPU hours, disk and memory, computed from the jobs that Snakemake plans.

    python benchmarks/run_size.py --configfile config/paper.yaml [--profile slurm] [--epochs 30] [--teraflops 5]
        [--measured MODEL.json ...]

Jobs, Slurm jobs and their memory are those of `snakemake --dry-run --forceall` with the profile. Computing is counted
from the layers of each network (`degu.training.flops`); sizes of data sets are those of their stores or, before they
are made, those in `config/datasets/`; disk follows from the shapes of what is written (`workload.py`). Assumed are the
numbers that can be given: how many epochs a training takes that early stopping may end, how fast a GPU is, and what a
Slurm job costs. The work of active learning, of measured shifts and of variants is not counted; their jobs are.
`--measured` takes the speed from trainings instead: name the `model.json` of one model of each network, trained on your
GPU.
"""

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# Networks are built, and not run.
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
sys.path.insert(0, str(Path(__file__).parent.parent / "scripts"))

import workload
from planned import Made, Plan, Sizes, plan

# The share of the time on GPUs that Slurm and Snakemake may take.
THRESHOLD = 0.1
WORK = {
    "model.keras": "training",
    "predictions.h5": "predicting",
    "pools": "labelling",
    "shifts.h5": "predicting",
    "attributions.h5": "explaining",
    "designs": "designing",
}
FILES = {
    "store.h5": "sequence stores",
    "model.keras": "models",
    "predictions.h5": "predictions",
    "shifts.h5": "predictions of shifts",
    "pools": "labelled sequences",
    "targets.h5": "students' targets",
    "explained.h5": "backgrounds",
    "attributions.h5": "attribution maps",
}


@dataclass(frozen=True)
class Speed:
    """The speed of networks: as measured, by the name of the model, or else as assumed."""

    flops_per_second: float
    seconds_per_step: float
    measured: Mapping[str, float]

    def hours(self, made: Made, epochs: float) -> float:
        """Return how long the work takes on one GPU, a training at most so many epochs."""
        measured = self.measured.get(made.recipe["model"]["name"])
        if measured:
            return made.work.seconds(measured, 0.0, epochs) / 3600
        return made.work.seconds(self.flops_per_second, self.seconds_per_step, epochs) / 3600


def measured_speed(description: Mapping, sizes: Sizes) -> float:
    """Return the operations a second of a training, its first epoch, which compiles, left out."""
    epochs = description["history"][1:] or description["history"]
    size = sizes.datasets[description["dataset"]]
    network, recipe = sizes.network(description["recipe"], description["dataset"]), description["recipe"]
    fraction = description["training_sequences"] / size.rows["train"]
    work = workload.training(network, {**recipe, "resampling": "none"}, size, fraction, members=1)
    return work.flops * len(epochs) / sum(epoch["seconds"] for epoch in epochs)


def print_jobs(planned: Plan) -> None:
    """Print the jobs of each rule and data set."""
    names = [*planned.configuration.imported, ""]
    counts = Counter((job.rule, job.dataset) for job in planned.jobs)
    rows = [(rule, *(counts[rule, name] for name in names)) for rule in {job.rule for job in planned.jobs}]
    rows = [(*row, sum(row[1:])) for row in add_total(sorted(rows, key=lambda row: (-sum(row[1:]), row[0])))]
    print_table(["Jobs", *names[:-1], "shared", "all"], rows)


def print_networks(made: list[tuple[str, Made]]) -> None:
    """Print the networks; of several of one architecture, the largest."""
    networks = {}
    for dataset, item in made:
        if item.network is not None:
            key = (dataset, item.recipe["model"]["name"])
            networks[key] = max(networks.get(key, item.network), item.network, key=lambda network: network.flops)
    rows = [
        (f"{name} ({dataset})", network.flops / 1e6, network.parameters / 1e6)
        for (dataset, name), network in networks.items()
    ]
    print_table(["Networks, one sequence forward", "MFLOP", "million weights"], rows)


def print_hours(made: list[tuple[str, Made]], speed: Speed, epochs: int) -> float:
    """Print the GPU hours of each data set, and return their sum."""
    hours, work, most = Counter(), Counter(), Counter()
    for dataset, item in made:
        if item.work is not None:
            hours[dataset, WORK[item.name]] += speed.hours(item, epochs)
            most[dataset] += speed.hours(item, float("inf"))
            work[dataset] += item.work.flops * item.work.lasting(epochs) / 1e15
    rows, kinds = [], list(dict.fromkeys(WORK.values()))
    for dataset in most:
        parts = [hours[dataset, kind] for kind in kinds]
        rows.append((dataset, work[dataset], *parts, sum(parts), most[dataset]))
    print_table(["GPU hours", "PFLOP", *kinds, "all", "at most"], add_total(rows))
    return sum(hours.values())


def print_disk(made: list[tuple[str, Made]], at_once: int) -> None:
    """Print the disk that each kind of file takes."""
    counts, sizes = Counter(item.name for _, item in made), Counter()
    for _, item in made:
        sizes[item.name] += item.bytes / 1e9
    print_table(
        ["Disk", "files", "GB"], add_total([(label, counts[name], sizes[name]) for name, label in FILES.items()])
    )
    checkpoints = sorted(workload.checkpoint_bytes(item.network) for _, item in made if item.name == "model.keras")
    print(f"Checkpoints, while models are trained: at most {sum(checkpoints[-at_once:]) / 1e9:.3g} GB")


def print_slurm(planned: Plan, seconds: float, hours: float) -> None:
    """Print the Slurm jobs, their memory, and what they cost beside the time on GPUs."""
    units = {job.unit: job for job in planned.jobs if job.unit is not None}
    together = Counter(job.unit for job in planned.jobs)
    memory = sorted(job.memory_mb / 1000 for job in units.values())
    cost = len(units) * seconds / 3600
    verdict = "below" if cost < THRESHOLD * hours else "ABOVE"
    print(
        f"Slurm jobs: {len(units):,}, of which {sum(job.gpu for job in units.values()):,} with a GPU and "
        f"{sum(together[unit] > 1 for unit in units):,} of several jobs; jobs beside Snakemake: {together[None]:,}\n"
        f"Memory: at most {number(memory[-1])} GB a Slurm job, {number(sum(memory[-planned.at_once :]))} GB for the "
        f"{planned.at_once} largest at once\n"
        f"Scheduling: {len(units):,} x {seconds:g} s = {number(cost)} h, {cost / hours:.1%} of the GPU hours, "
        f"{verdict} the {THRESHOLD:.0%} aimed at"
    )


def print_table(head: list[str], rows: Iterable[tuple]) -> None:
    """Print a table: a first column of text, then numbers."""
    cells = [head, *([row[0], *map(number, row[1:])] for row in rows)]
    first, *others = (max(len(row[column]) for row in cells) for column in range(len(head)))
    for label, *values in cells:
        print(
            f"{label:{first}}" + "".join(f"{value:>{width + 2}}" for value, width in zip(values, others, strict=True))
        )
    print()


def number(value: float) -> str:
    """Return a number as text: whole, or to three digits."""
    return f"{value:,.0f}" if isinstance(value, int) or value >= 100 else f"{value:.3g}"


def add_total(rows: list[tuple]) -> list[tuple]:
    """Return rows with one of their sums."""
    return [*rows, ("total", *(sum(column) for column in zip(*(row[1:] for row in rows), strict=True)))]


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--configfile", type=Path, nargs="+", default=[])
    parser.add_argument("--profile", default="slurm", help="of Snakemake")
    parser.add_argument("--epochs", type=int, default=30, help="of a training that early stopping may end")
    parser.add_argument("--teraflops", type=float, default=5.0, help="what a GPU does in a second, 10^12")
    parser.add_argument("--step-milliseconds", type=float, default=3.0, help="what a batch takes beside that")
    parser.add_argument("--job-seconds", type=float, default=8.0, help="what a Slurm job takes beside its work")
    parser.add_argument("--measured", type=Path, nargs="+", default=[], help="model.json of models trained on the GPU")
    options = parser.parse_args()
    planned = plan(options.profile, options.configfile)
    sizes = Sizes(planned)
    made = [(job.dataset, item) for job in planned.jobs for path in job.outputs if (item := sizes.made(path, job))]
    descriptions = [json.loads(path.read_text()) for path in options.measured]
    measured = {item["recipe"]["model"]["name"]: measured_speed(item, sizes) for item in descriptions}
    speed = Speed(options.teraflops * 1e12, options.step_milliseconds / 1e3, measured)
    print_jobs(planned)
    print_networks(made)
    print(
        f"Assumed: {options.epochs} epochs a training that early stopping may end (last column: as many as its recipe "
        f"has at most),\na step of {workload.TRAINING_PASSES} passes, {options.teraflops:g} TFLOP/s and "
        f"{options.step_milliseconds:g} ms more a batch"
        + "".join(f"; measured: {name} {rate / 1e12:.3g} TFLOP/s" for name, rate in measured.items())
    )
    hours = print_hours(made, speed, options.epochs)
    print_disk(made, planned.at_once)
    print_slurm(planned, options.job_seconds, hours)


if __name__ == "__main__":
    main()
