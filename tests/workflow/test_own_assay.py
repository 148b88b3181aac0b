"""A table of one's own becomes a run by the commands that `degu new-assay` prints."""

import shlex
from pathlib import Path

import pytest

from degu.command.new_assay import new_assay
from degu.data.table_roles import Wishes
from tests.data.tables import assay
from tests.workflow.command import job_counts, succeed


@pytest.mark.parametrize(("rows", "teacher"), [(300, "motif_cnn_small_assay"), (5000, "motif_cnn_noise")])
def test_the_commands_that_are_printed_plan_the_run(case, monkeypatch, rows, teacher):
    monkeypatch.chdir(case.folder)
    assay(rows=rows).to_csv("mine.csv", index=False)
    text = new_assay(Path("mine.csv"), Wishes()).text
    planned, run = (shlex.split(line) for line in text.splitlines()[-2:])
    assert (planned[0], planned[1:]) == ("snakemake", [*run[1:], "-n"])
    output = succeed(case.folder, *planned[1:])
    assert f"results/mine/{teacher}/fraction-1/predictions.h5" in output
    assert job_counts(output)["train_member_pack"] == job_counts(output)["train_student"] == 2
