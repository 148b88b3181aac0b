"""Files of maps: what is put in is read back, in every format."""

import json

import h5py
import numpy as np
import pandas as pd
import pytest

from degu.command.maps import Explained, Map, open_maps

KEYS = [("Dev", "mean"), ("Dev", "epistemic"), ("log2 (RNA/DNA)", "mean"), ("log2 (RNA/DNA)", "epistemic")]
ORIGIN = {"degu": "0.2.0", "model": "0a1b"}
LENGTH = 6


def part_of(number, seed):
    rng = np.random.default_rng(seed)
    shapes = {"hypothetical": (number, LENGTH, 4), "contributions": (number, LENGTH)}
    names = ("hypothetical", "contributions", "prediction", "difference", "error")
    maps = {key: Map(*(rng.normal(size=shapes.get(name, (number,))) for name in names)) for key in KEYS}
    return Explained(
        [f"s{seed}-{row}" for row in range(number)],
        ["chr1"] * number,
        ["+", "-", "+"][:number],
        rng.integers(0, 5, (number, LENGTH), dtype=np.uint8),
        rng.integers(1, 9, (number, LENGTH)),
        maps,
    )


PARTS = [part_of(3, 1), part_of(2, 2)]


def written(path):
    with open_maps(path, 5, ORIGIN) as writer:
        for part in PARTS:
            writer.write(part)
        assert not path.exists()
    return path


def read(path):
    if path.suffix == ".npz":
        with np.load(path, allow_pickle=False) as arrays:
            return {name: arrays[name] for name in arrays.files}
    with h5py.File(path) as file:
        names = []
        file.visititems(lambda name, one: names.append(name) if isinstance(one, h5py.Dataset) else None)
        arrays = {name: file[name].asstr()[:] if file[name].dtype.kind == "O" else file[name][:] for name in names}
        return arrays | {"degu": np.array(file.attrs["degu"])}


@pytest.mark.parametrize("name", ["a.h5", "a.npz"])
def test_arrays_are_read_back(tmp_path, name):
    arrays = read(written(tmp_path / name))
    assert json.loads(str(arrays["degu"])) == ORIGIN
    assert arrays["names"].tolist() == ["s1-0", "s1-1", "s1-2", "s2-0", "s2-1"]
    assert arrays["strands"].tolist() == ["+", "-", "+", "+", "-"]
    assert arrays["chromosomes"].tolist() == ["chr1"] * 5
    tokens = np.concatenate([part.tokens for part in PARTS])
    assert arrays["sequences"].tolist() == ["".join("ACGTN"[token] for token in row) for row in tokens]
    np.testing.assert_array_equal(arrays["positions"], np.concatenate([part.positions for part in PARTS]))
    for target, head in KEYS:
        for kind in ("hypothetical", "contributions", "prediction", "difference", "error"):
            expected = np.concatenate([getattr(part.maps[target, head], kind) for part in PARTS])
            np.testing.assert_allclose(arrays[f"{target}/{head}/{kind}"], expected, rtol=1e-6)


@pytest.mark.parametrize("name", ["a.tsv", "a.csv", "a.parquet"])
def test_a_table_has_a_row_for_each_base_and_target(tmp_path, name):
    path = written(tmp_path / name)
    if name.endswith(".parquet"):
        table = pd.read_parquet(path)
    else:
        table = pd.read_csv(path, sep="\t" if name.endswith("tsv") else ",", skiprows=1)
    assert list(table) == ["name", "chromosome", "position", "strand", "base", "target", "mean", "epistemic"]
    rows = []
    for part in PARTS:
        for row, own in enumerate(part.names):
            for target in ("Dev", "log2 (RNA/DNA)"):
                for place in range(LENGTH):
                    values = [part.maps[target, head].contributions[row, place] for head in ("mean", "epistemic")]
                    base = "ACGTN"[part.tokens[row, place]]
                    rows.append((own, "chr1", part.positions[row, place], part.strands[row], base, target, *values))
    expected = pd.DataFrame(rows, columns=list(table))
    pd.testing.assert_frame_equal(table, expected, rtol=1e-4, check_dtype=False)


@pytest.mark.parametrize("name", ["a.h5", "a.npz", "a.tsv"])
def test_a_file_appears_whole_or_not_at_all(tmp_path, name):
    with pytest.raises(ZeroDivisionError), open_maps(tmp_path / name, 5, ORIGIN) as writer:
        writer.write(PARTS[0])
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a.h5", "a.npz"])
def test_arrays_written_twice_are_the_same_bytes(tmp_path, name):
    (tmp_path / "again").mkdir()
    first, second = written(tmp_path / name), written(tmp_path / "again" / name)
    assert first.read_bytes() == second.read_bytes()
