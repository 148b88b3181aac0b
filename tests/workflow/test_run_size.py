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
    assert float(row[7]) == pytest.approx(float(row[1]) * 1e6 / 3600, rel=0.02)
    assert float(row[7]) == pytest.approx(sum(map(float, row[2:7])), rel=0.02)


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


def test_profiles_have_a_size_and_ask_for_memory(copy, tmp_path):
    """Two members label each batch of a student; a job holds the counts and bases of 543,400 windows some times."""
    study = {"teachers": ["bpnet"], "members": 2, "student_seeds": 1, "explain": False}
    settings = {"datasets": ["encode_atac_k562"], "overrides": {"datasets": {"encode_atac_k562": {"study": study}}}}
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(settings))
    output = run_size(copy, "--configfile", tmp_path / "config.yaml", "--step-milliseconds", "0", "--epochs", "10")
    (mflop,) = found(r"bpnet \(encode_atac_k562\) +([\d,.]+)", output)
    lengths = [2094 - 4 * (2**number - 1) for number in range(1, 9)]
    assert mflop == pytest.approx(2e-6 * (2094 * 21 * 4 * 512 + sum(lengths) * 3 * 512**2 + 1000 * 75 * 512), rel=0.01)
    (training,) = found(r"encode_atac_k562 +[\d,.]+ +([\d,.]+)", output)
    # Half of the windows are negatives, of which an epoch has a tenth.
    steps = (2 * 10 * 3 + 40 * (3 + 2)) * 0.55 * 395000 + (2 * 10 + 40) * 0.55 * 18700
    assert training == pytest.approx(mflop * 1e6 * steps / 5e12 / 3600, rel=0.02)
    (memory,) = found(r"at most ([\d.]+) GB a Slurm job", output)
    arrays = 543400 * (2114 + 1000 + 2 * 3 * (1000 + 1000)) / 1e9
    assert memory == pytest.approx(6 + 0.5 * 5 + 3.5 * arrays, rel=0.1)
