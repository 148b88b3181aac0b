"""The jobs that Snakemake plans, and the computing and disk that they take, for `run_size.py`."""

import contextlib
import io
import json
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import snakemake.cli
from snakemake.api import DAGApi
from snakemake_interface_executor_plugins.registry import ExecutorPluginRegistry

sys.path.insert(0, str(Path(__file__).parent.parent / "scripts"))

import workload
from dataset_sizes import DatasetSize, dataset_size
from degu.config.configuration import Configuration
from workload import Network, Work

SNAKEFILE = Path(__file__).parent.parent / "Snakefile"
FOLDER = re.compile(
    r"(?P<ensemble>results/\w+/(?P<teacher>[\w-]+)/fraction-(?P<fraction>[\d.]+))/(students/(?P<student>[^/]+)/)?"
)


@dataclass(frozen=True)
class Job:
    """A job that Snakemake plans; `unit` is equal for jobs that run in one Slurm job, None for one that runs here."""

    rule: str
    dataset: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    unit: int | None
    gpu: bool
    memory_mb: int


@dataclass(frozen=True)
class Plan:
    """A plan of Snakemake: its configuration, its jobs, and how many Slurm jobs it has in the queue at once."""

    configuration: Configuration
    jobs: list[Job]
    at_once: int


def plan(profile: str, configurations: Iterable[Path]) -> Plan:
    """Return what `snakemake --dry-run` with a profile plans, all of it, whatever is there already."""
    planned = []
    execute = DAGApi.execute_workflow

    def execute_and_keep(api: DAGApi, *, executor: str, **settings: object) -> None:
        execute(api, executor=executor, **settings)
        workflow = api.workflow_api._workflow
        # For a dry run all jobs are local.
        workflow._executor_plugin = ExecutorPluginRegistry().get_plugin(executor)
        planned.append(_read(workflow))

    files = [str(path) for path in configurations]
    command = ["--dry-run", "--forceall", "--quiet", "all", "--snakefile", str(SNAKEFILE)]
    printed = io.StringIO()
    DAGApi.execute_workflow = execute_and_keep
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            snakemake.cli.main([*command, "--profile", profile, *(["--configfile", *files] if files else [])])
    except SystemExit:
        if not planned:
            sys.exit(printed.getvalue())
    finally:
        DAGApi.execute_workflow = execute
    return planned[0]


def _read(workflow: object) -> Plan:
    """Return what is needed of Snakemake's own plan."""
    jobs = []
    for job in workflow.dag.jobs:
        group = workflow.dag.get_job_group(job)
        asked = (group or job).resources
        jobs.append(
            Job(
                rule=job.rule.name,
                dataset=job.wildcards.get("dataset", ""),
                inputs=tuple(map(str, job.input)),
                outputs=tuple(map(str, job.output)),
                unit=None if job.is_local else id(group or job),
                gpu=bool(asked.get("gpu", 0)),
                memory_mb=asked.get("mem_mb", 0),
            )
        )
    return Plan(workflow.globals["CONFIGURATION"], jobs, workflow.resource_settings.nodes or 1)


class Sizes:
    """The files that a plan makes, the computing that they take, and their sizes."""

    def __init__(self, planned: Plan) -> None:
        self.configuration = planned.configuration
        self._networks: dict[str, Network] = {}
        self.datasets: dict[str, DatasetSize] = {
            name: dataset_size(settings, Path("results") / name / "store.h5")
            for name, settings in planned.configuration.imported.items()
        }
        # By the path of an ensemble's or student's predictions.
        self._models = {path: count_models(job.inputs) for job in planned.jobs for path in job.outputs}

    def network(self, recipe: Mapping, dataset: str) -> Network:
        """Return the size of a recipe's network."""
        keys = ("model", "heads", "loss", "uncertainty", "profile_bins")
        key = json.dumps([*(recipe[key] for key in keys), dataset])
        if key not in self._networks:
            self._networks[key] = workload.network_of(recipe, self.datasets[dataset])
        return self._networks[key]

    def made(self, path: str, job: Job) -> "Made | None":
        """Return what a job's output is, None for tables, figures and the like."""
        name, settings = Path(path).name, self.configuration.attribution
        size = self.datasets.get(job.dataset)
        if name == "store.h5":
            return Made(name, workload.store_bytes(size))
        if name == "explained.h5":
            return Made(name, workload.explained_bytes(size, settings))
        found = FOLDER.match(path)
        if found is None:
            return None
        teacher, student = found["teacher"], found["student"]
        if Path(path).parent.name == "designs":
            return self._designed(Path(path).stem, teacher, job)
        if Path(path).parent.name == "pools":
            return self._labelled(Path(path).stem, teacher, float(found["fraction"]), job)
        if name not in ("model.keras", "predictions.h5", "targets.h5", "attributions.h5", "shifts.h5"):
            return None
        recipe = self.configuration.student(teacher, student) if student else self.configuration.teacher(teacher)
        network, models = self.network(recipe, job.dataset), count_models(job.inputs)
        members = self._models.get(f"{found['ensemble']}/predictions.h5", 0)
        if name == "targets.h5":
            return Made(name, workload.targets_bytes(recipe, size, recipe["ensemble_size"] or members))
        if name == "attributions.h5":
            settings = self.configuration.attribution_of(teacher)
            work = workload.attribution(network, size, settings, models)
            return Made(name, workload.attributions_bytes(network, size, settings, models), recipe, network, work)
        if name == "shifts.h5":
            configuration = self.configuration
            study = configuration.study(job.dataset)
            rows = models * workload.shifted_rows(size, configuration.shift, configuration.design, study)
            work = workload.predicted(network, rows)
            return Made(name, workload.rows_bytes(network, size, rows), recipe, network, work)
        if name == "predictions.h5":
            passes = recipe.get("prediction", {}).get("dropout_passes", 0)
            work = workload.prediction(network, size, models, passes)
            return Made(name, workload.predictions_bytes(network, size, models, passes), recipe, network, work)
        labels = 0.0
        if student and recipe["labels"] == "members":
            labels = (recipe["ensemble_size"] or members) * self._flops_of_label(teacher, job.dataset)
        work = workload.training(network, recipe, size, float(found["fraction"]), members, labels)
        return Made(name, network.file_bytes, recipe, network, work)

    def _flops_of_label(self, teacher: str, dataset: str) -> float:
        """Return the operations of a member that predicts one sequence, on one strand or on both."""
        recipe = self.configuration.teacher(teacher)
        return self.network(recipe, dataset).flops * (2 if recipe["strands"] == "both" else 1)

    def _labelled(self, name: str, teacher: str, fraction: float, job: Job) -> "Made":
        """Return what the members make that label a pool."""
        pool = next(pool for pool in self.configuration.pools() if pool["name"] == name)
        recipe, models = self.configuration.teacher(teacher), count_models(job.inputs)
        network, size = self.network(recipe, job.dataset), self.datasets[job.dataset]
        rows = workload.pool_rows(pool, size, fraction)
        work = workload.predicted(network, models * rows * (2 if recipe["strands"] == "both" else 1))
        return Made("pools", workload.pool_bytes(network, size, rows, models), recipe, network, work)

    def _designed(self, name: str, teacher: str, job: Job) -> "Made":
        """Return what a search makes; its sequences take hardly any room."""
        design, size = self.configuration.design, self.datasets[job.dataset]
        designer, students = design["designs"][name]["designer"], self.configuration.study(job.dataset)["students"]
        by_student = designer == "student"
        recipe = self.configuration.student(teacher, students[0]) if by_student else self.configuration.teacher(teacher)
        network = self.network(recipe, job.dataset)
        models = count_models(job.inputs) if designer == "ensemble" else 1
        rows = models * workload.designed_rows(size, design, name)
        return Made("designs", 0, recipe, network, workload.predicted(network, rows))


@dataclass(frozen=True)
class Made:
    """A file that a job makes: its name, its size, and the work of making it."""

    name: str
    bytes: float
    recipe: Mapping | None = None
    network: Network | None = None
    work: Work | None = None


def count_models(files: Iterable[str]) -> int:
    """Return how many of some files are models."""
    return sum(file.endswith(("/model.keras", "/without_bias.keras")) for file in files)
