"""`degu predict`, by the command line, against the model itself."""

import gzip
import io
import json

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from degu.command.predict import Wishes, predict_windows
from degu.command.windows import Windows
from degu.data.sequences import encode, reverse_complement
from degu.package.folder import ModelFolder
from tests.command import profile_models
from tests.command.models import CONSTRUCT, TARGETS
from tests.command.runs import run

RNG = np.random.default_rng(5)


def bases(number: int) -> str:
    return "".join(RNG.choice(list("ACGT"), number))


@pytest.fixture(scope="module")
def model(model_path):
    return model_path


def heads_of(model, inserts):
    return ModelFolder(model).predict(encode([f"{CONSTRUCT.left}{insert}{CONSTRUCT.right}" for insert in inserts]))


def check(table, model, inserts, *, level=0.9):
    """Compare a table of predictions with what the model says of inserts."""
    heads, folder = heads_of(model, inserts), ModelFolder(model)
    assert table["target"].tolist() == TARGETS * len(inserts)
    for head in ("mean", "aleatoric", "epistemic"):
        np.testing.assert_allclose(table[head].to_numpy().reshape(-1, 2), heads[head], rtol=1e-4)
    np.testing.assert_allclose(table["total"], np.hypot(table["aleatoric"], table["epistemic"]), rtol=1e-4)
    ends = folder.calibration.intervals(heads, level, "normalized").reshape(-1, 2)
    np.testing.assert_allclose(table[["lower", "upper"]], ends, rtol=1e-3, atol=1e-4)
    quantiles = folder.background.quantile_of_activity(heads["mean"]).reshape(-1)
    np.testing.assert_allclose(table["quantile"], quantiles, atol=1e-4)


def test_a_fasta_file(tmp_path, model):
    inserts = {f"s{number}": bases(20) for number in range(30)}
    with gzip.open(tmp_path / "a.fa.gz", "wt") as file:
        file.writelines(f">{name} text\n{text[:7]}\n{text[7:].lower()}\n" for name, text in inserts.items())
    told = run("predict", model, tmp_path / "a.fa.gz", "-o", tmp_path / "a.tsv", "--level", 0.8)
    assert "30 windows" in told
    with (tmp_path / "a.tsv").open() as file:
        origin = json.loads(file.readline().removeprefix("# "))
    assert (origin["model"], origin["level"]) == (ModelFolder(model).digest, 0.8)
    table = pd.read_csv(tmp_path / "a.tsv", sep="\t", skiprows=1, keep_default_na=False)
    assert table["name"].tolist() == [name for name in inserts for _ in TARGETS]
    check(table, model, list(inserts.values()), level=0.8)


def test_windows_of_a_long_sequence_reach_its_end(tmp_path, model):
    text = bases(53)
    (tmp_path / "a.fa").write_text(f">long\n{text}\n")
    run("predict", model, tmp_path / "a.fa", "-o", tmp_path / "a.csv", "--stride", 8)
    table = pd.read_csv(tmp_path / "a.csv", skiprows=1)
    starts = [0, 8, 16, 24, 32, 33]
    assert table["start"].tolist() == [start for start in starts for _ in TARGETS]
    assert (table["end"] - table["start"] == 20).all()
    check(table, model, [text[start : start + 20] for start in starts])


def test_regions_of_a_genome_on_both_strands(tmp_path, model):
    chromosome = bases(200)
    (tmp_path / "genome.fa").write_text(f">chrI\n{chromosome}\n")
    (tmp_path / "a.bed").write_text("chrI\t10\t30\tone\nchrI\t50\t95\ttwo\t0\t-\n")
    for name in ("a.out.bed", "a.parquet"):
        run("predict", model, tmp_path / "a.bed", "--genome", tmp_path / "genome.fa", "-o", tmp_path / name)
    table = pd.read_parquet(tmp_path / "a.parquet")
    turned = "".join("ACGT"[3 - "ACGT".index(base)] for base in reversed(chromosome[50:95]))
    check(table, model, [chromosome[10:30], turned[25:45], turned[20:40], turned[:20]])
    for row in table.iloc[::2].to_dict("records"):
        insert = chromosome[row["start"] : row["end"]]
        tokens = encode([insert]) if row["strand"] == "+" else reverse_complement(encode([insert]))
        placed = CONSTRUCT.place(tokens[0])[1]
        np.testing.assert_allclose(ModelFolder(model).predict(placed)["mean"][0, 0], row["mean"], rtol=1e-4)
    assert b"model" in pq.read_schema(tmp_path / "a.parquet").metadata[b"degu"]
    lines = (tmp_path / "a.out.bed").read_text().splitlines()
    assert lines[1].split("\t")[:6] == ["#chromosome", "start", "end", "name", "score", "strand"]
    assert [line.split("\t")[:4] for line in lines[2::2]] == [
        [row["chromosome"], str(row["start"]), str(row["end"]), row["name"]]
        for row in table.iloc[::2].to_dict("records")
    ]


def test_a_table(tmp_path, model):
    inserts = [bases(20) for _ in range(5)]
    frame = pd.DataFrame({"element": ["001", "NA", "c", "d", "e"], "dna": inserts})
    frame.to_csv(tmp_path / "a.csv", index=False)
    text = run("predict", model, tmp_path / "a.csv", "-o", "-", "--column", "dna", "--name", "element")
    start = text.index("# {")
    table = pd.read_csv(io.StringIO(text[start:]), sep="\t", skiprows=1, dtype={"name": str}, keep_default_na=False)
    assert table["name"].tolist()[::2] == frame["element"].tolist()
    check(table, model, inserts)


def test_both_strands_are_averaged(tmp_path, model):
    insert = bases(20)
    turned = "".join("ACGT"[3 - "ACGT".index(base)] for base in reversed(insert))
    (tmp_path / "a.fa").write_text(f">a\n{insert}\n")
    run("predict", model, tmp_path / "a.fa", "-o", tmp_path / "a.tsv", "--both-strands")
    table = pd.read_csv(tmp_path / "a.tsv", sep="\t", skiprows=1)
    np.testing.assert_allclose(table["mean"], heads_of(model, [insert, turned])["mean"].mean(axis=0), rtol=1e-4)


def test_many_windows_are_those_of_each(tmp_path, model, monkeypatch):
    monkeypatch.setattr("degu.command.windows.BATCH", 7)
    inserts = [bases(20) for _ in range(23)]
    (tmp_path / "a.fa").write_text(
        "".join(f">s{i}\n{text}\n" for i, text in enumerate(inserts)) + f">l\n{bases(400)}\n"
    )
    run("predict", model, tmp_path / "a.fa", "-o", tmp_path / "a.tsv")
    table = pd.read_csv(tmp_path / "a.tsv", sep="\t", skiprows=1)
    check(table[: 2 * 23], model, inserts)
    assert table["name"].tolist()[2 * 23 :] == ["l"] * 2 * 20


def test_unusual_sequences_are_marked(tmp_path, model):
    (tmp_path / "a.fa").write_text(f">n\n{'N' * 20}\n>g\n{'G' * 20}\n")
    run("predict", model, tmp_path / "a.fa", "-o", tmp_path / "a.tsv")
    table = pd.read_csv(tmp_path / "a.tsv", sep="\t", skiprows=1)
    assert "unknown_bases" in table["unusual"][0]
    assert {"gc", "composition"} <= set(table["unusual"][2].split(","))


def test_a_student_of_profiles_gives_a_table_of_one_value_a_target(tmp_path, profiles_path):
    length = profile_models.LENGTH
    texts = [bases(length) for _ in range(4)]
    (tmp_path / "a.fa").write_text("".join(f">s{number}\n{text}\n" for number, text in enumerate(texts)))
    run("predict", profiles_path, tmp_path / "a.fa", "-o", tmp_path / "a.tsv", "--both-strands")
    table = pd.read_csv(tmp_path / "a.tsv", sep="\t", skiprows=1)
    model = ModelFolder(profiles_path)
    turned = ["".join("ACGT"[3 - "ACGT".index(base)] for base in reversed(text)) for text in texts]
    both = [model.predict(encode(own)) for own in (texts, turned)]
    for head in ("mean", "aleatoric", "epistemic"):
        np.testing.assert_allclose(table[head], np.mean([own[head] for own in both], axis=0).ravel(), rtol=1e-4)
    assert not [name for name in table.columns if "profile" in name]
    windows = Windows(*[np.full(4, "", dtype=object)] * 3, *[np.zeros(4, dtype=int)] * 2, encode(texts))
    found = predict_windows(model, windows, Wishes(both_strands=True))
    for head in ("profile", "profile_epistemic"):
        expected = (both[0][head] + np.flip(both[1][head], axis=(2, 3))) / 2
        np.testing.assert_allclose(found[head], expected, rtol=1e-4, atol=1e-6)
