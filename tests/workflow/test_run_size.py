"""`benchmarks/run_size.py` counts what Snakemake plans."""

import json
import re

import pytest
import yaml

from degu.config.configuration import Configuration
from degu.config.schemas import read_yaml
from tests.workflow.command import job_counts, plan, python

pytestmark = pytest.mark.system


def run_size(copy, *arguments):
    return python(copy, "benchmarks/run_size.py", *arguments)


def profile(folder, **settings):
    """Write a profile for Slurm, and return its folder."""
    general = {"executor": "slurm", "jobs": 10, "default-resources": ["slurm_partition=cpu", "mem_mb=1000"]}
    folder.mkdir()
    (folder / "profile.yaml").write_text(yaml.safe_dump({**general, **settings}))
    return folder


def found(pattern, output):
    return [float(text.replace(",", "")) for text in re.search(pattern, output).groups()]


SLURM = r"Slurm jobs: ([\d,]+), of which ([\d,]+) with a GPU and ([\d,]+) of several jobs; jobs beside Snakemake: (\d+)"


def test_jobs_are_those_that_snakemake_plans(copy):
    output = run_size(copy, "--teraflops", "1e-3", "--step-milliseconds", "0")
    counts = job_counts(plan(copy))
    jobs = {
        line.split()[0]: int(line.split()[-1].replace(",", "")) for line in output.split("\n\n")[0].splitlines()[1:]
    }
    assert jobs.pop("total") == sum(counts.values())
    assert jobs == counts
    # At 10^9 operations a second, a PFLOP takes 10^6 s.
    row = next(line.split() for line in output.splitlines() if line.startswith("simulated_mpra "))
    assert float(row[6]) == pytest.approx(float(row[1]) * 1e6 / 3600, rel=0.02)
    assert float(row[6]) == pytest.approx(sum(map(float, row[2:6])), rel=0.02)


def test_grouped_jobs_are_one_slurm_job(copy, tmp_path):
    """What the jobs cost is told, above and below what is aimed at."""
    settings = {"groups": {"fit_kmer_ridge": "few"}, "group-components": {"few": 2}}
    alone = run_size(copy, "--profile", profile(tmp_path / "alone"))
    grouped = run_size(copy, "--profile", profile(tmp_path / "grouped", **settings), "--job-seconds", "0")
    jobs, on_gpu, several, local = found(SLURM, grouped)
    before = found(SLURM, alone)
    assert (before[0] - jobs, before[1] - on_gpu, several - before[2], local) == (1, 0, 1, before[3])
    assert "% of the GPU hours, ABOVE the 10% aimed at" in alone
    assert "= 0 h, 0.0% of the GPU hours, below the 10% aimed at" in grouped


def test_measured_speed(copy, tmp_path):
    settings = read_yaml(copy / "config" / "config.yaml")
    description = {
        # The largest network of a data set is printed.
        "recipe": Configuration(settings, [copy / "config"]).student("small_noise", "degu"),
        "dataset": "simulated_mpra",
        "training_sequences": 2100,
        "history": [{"seconds": 100}, {"seconds": 2}, {"seconds": 4}],
    }
    (tmp_path / "model.json").write_text(json.dumps(description))
    output = run_size(copy, "--measured", tmp_path / "model.json")
    (mflop,) = found(r"motif_cnn \(simulated_mpra\) +([\d.]+)", output)
    (teraflops,) = found(r"measured: motif_cnn ([\d.]+) TFLOP/s", output)
    # The first epoch compiles; the others take 3 s.
    assert teraflops == pytest.approx(mflop / 1e6 * (3 * 2100 + 300) / 3, rel=0.02)
