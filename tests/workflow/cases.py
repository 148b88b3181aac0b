"""What the tests of bad data and bad configurations share: a small case that is good until a test spoils it.

Each case runs through the command line in a fresh copy of its own. Our own message comes first and may fill 8 lines,
which wrap after 120 columns. From its first line to the end of the output there may be 30 lines: Snakemake adds 18
lines about the failed job and its log, in which it repeats our message. Snakemake's banner comes before, and does not
count.
"""

import math
import random
import re
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import CompletedProcess

import yaml

from tests.workflow.command import snakemake

SCREEN_LINES, MESSAGE_LINES, COLUMNS = 30, 8, 120
STORE = "results/assay/store.h5"
SPLIT_LABELS = {"train": ["train"], "validation": ["val"], "calibration": ["cal"], "test": ["test"]}


@dataclass
class Case:
    """A table of 60 rows, a data set `assay` and a configuration, all good until a test spoils one of them."""

    folder: Path
    rows: list[dict] = field(default_factory=list)
    config: dict = field(default_factory=dict)
    dataset: dict = field(default_factory=dict)
    command: tuple[str, ...] = ("--", STORE)

    def __post_init__(self):
        draw = random.Random(1)
        for index in range(60):
            activity = draw.gauss(0, 1)
            self.rows.append(
                {
                    "sequence": "".join(draw.choice("ACGT") for _ in range(20)),
                    "activity": round(activity, 4),
                    "std": 0.1,
                    "rep1": round(activity + 0.1, 4),
                    "rep2": round(activity - 0.1, 4),
                    "element": f"element{index}",
                    "split": ["train", "val", "cal", "test"][index % 4],
                }
            )
        self.config = {
            "datasets": ["assay"],
            "study": {"teachers": ["small"], "fractions": [1.0], "members": 2, "student_seeds": 1},
            "overrides": {"teachers": {"small": {"heads": ["mean"]}}},
        }
        self.dataset = {
            "importer": "table",
            "files": {"table": {"path": "table.tsv"}},
            "options": {"targets": {"activity": {"mean": "activity"}}},
            "split": {"fractions": {"train": 0.4, "validation": 0.2, "calibration": 0.2, "test": 0.2}},
        }

    @property
    def table(self) -> Path:
        return self.folder / "table.tsv"

    @property
    def source(self) -> dict:
        return self.dataset["files"]["table"]

    @property
    def options(self) -> dict:
        return self.dataset["options"]

    def split_by_column(self) -> None:
        """Use the table's own split."""
        self.options["split"] = "split"
        self.dataset["split"] = {"method": "column", "labels": SPLIT_LABELS}

    def simulate(self, **options: object) -> None:
        """Make the data set a simulation."""
        options = {"seed": 1, "number": 60, "length": 60, "effects": {"HNF4A": 1.0}, **options}
        self.dataset |= {
            "importer": "simulated_mpra",
            "files": {"motifs": {"path": "resources/jaspar_motifs.txt"}},
            "options": {"noise_effects": {}, "interactions": [], **options},
        }

    def write(self) -> None:
        """Write what the test has not written itself."""
        if not self.table.exists():
            lines = [list(self.rows[0]), *([row[column] for column in self.rows[0]] for row in self.rows)]
            self.table.write_text("".join("\t".join(map(str, line)) + "\n" for line in lines))
        files = {"config/datasets/assay.yaml": self.dataset, "bad.yaml": self.config}
        for name, content in files.items():
            if not (self.folder / name).exists():
                (self.folder / name).write_text(yaml.safe_dump(content))

    def run(self) -> CompletedProcess:
        """Run Snakemake on what was written."""
        return snakemake(self.folder, "--configfile", "bad.yaml", "--cores", "1", *self.command)


def told(output: str) -> str:
    """Return our own message in an output, and require that it and all that follows it are short."""
    lines = output.splitlines()
    first = next(index for index, line in enumerate(lines) if re.search(r"\bERROR\b|Error\b|Exception\b", line))
    assert len(lines) - first <= SCREEN_LINES, output
    # Snakemake goes on with its own account of a failed job, or of the line of the workflow that refused.
    stop = next((line for line in lines[first:] if re.match(r'RuleException:|  File "', line)), None)
    message = lines[first : lines.index(stop) if stop else None]
    assert "Traceback" not in output
    assert sum(max(1, math.ceil(len(line) / COLUMNS)) for line in message) <= MESSAGE_LINES, output
    return "\n".join(message)


def assert_told(case: Case, *expected: str, remedy: str = r"^  (expected|remedy): ") -> None:
    """Run Snakemake, and require that it fails with a short message that says what was expected or how to mend it."""
    case.write()
    done = case.run()
    assert done.returncode != 0, done.stdout
    message = told(done.stdout)
    for part in expected:
        assert part in message, f"'{part}' is not in:\n{message}"
    assert re.search(remedy, message, re.MULTILINE), f"neither what is expected nor a remedy is in:\n{message}"
    assert_nothing_made(case)


def assert_nothing_made(case: Case) -> None:
    """Require that there is no store, no empty file and no temporary file."""
    made = [path for path in (case.folder / "results").rglob("*") if path.is_file()]
    assert [path for path in made if path.name != "table" and path.name != "motifs"] == []
    assert [path for path in made if path.name.startswith(".") or path.stat().st_size == 0] == []


def assert_no_source(case: Case) -> None:
    """Require that a source that failed its checks is not kept either."""
    assert not (case.folder / "results" / "assay" / "sources" / "table").exists()
