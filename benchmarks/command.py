"""Where the time of `degu predict` goes, and how much memory it takes, for a number of windows.

    python benchmarks/command.py MODEL [--windows 1000000] [--length 200] [--threads 2] [--runtime onnx]

MODEL is the folder of a student. Random sequences are written as FASTA, each one window, and predicted once into a TSV
file. Printed are the share of the time within the network, the windows a second, and the peak resident memory of the
command, beside that for a tenth of the windows: the two are equal where memory does not grow. Then the command is
started for one window by each runtime.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_REPOSITORY = Path(__file__).parent.parent
_SCRIPTS = str(_REPOSITORY / "scripts")


def write_fasta(path: Path, windows: int, length: int) -> None:
    """Write random sequences as FASTA."""
    import numpy as np

    rng = np.random.default_rng(0)
    letters = np.frombuffer(b"ACGT", dtype=np.uint8)
    with path.open("wb") as file:
        for start in range(0, windows, 10_000):
            block = letters[rng.integers(0, 4, (min(10_000, windows - start), length))]
            for row, sequence in enumerate(block, start):
                file.write(b">%d\n%s\n" % (row, sequence.tobytes()))


def measured(arguments: argparse.Namespace, fasta: Path, output: Path) -> None:
    """Predict in this process, and print the seconds in all and in the network, and the peak memory in MiB."""
    sys.path.insert(0, _SCRIPTS)
    from click.testing import CliRunner

    from degu.command.main import main
    from degu.package.folder import ModelFolder

    spent, predict = [0.0], ModelFolder.predict

    def timed(self: ModelFolder, constructs: object) -> object:
        begun = time.perf_counter()
        try:
            return predict(self, constructs)
        finally:
            spent[0] += time.perf_counter() - begun

    ModelFolder.predict = timed
    begun = time.perf_counter()
    options = ["--threads", str(arguments.threads), "--runtime", arguments.runtime]
    done = CliRunner().invoke(main, ["predict", str(arguments.model), str(fasta), "-o", str(output), *options])
    seconds = time.perf_counter() - begun
    if done.exit_code:
        sys.exit(done.output)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(seconds, spent[0], peak)


def started(model: Path, fasta: Path, runtime: str) -> float:
    """Return the seconds that the command takes for one window."""
    command = [sys.executable, "-m", "degu.command.main", "predict", str(model), str(fasta), "-o", "-"]
    begun = time.perf_counter()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([_SCRIPTS, os.environ.get("PYTHONPATH", "")])}
    subprocess.run([*command, "--runtime", runtime], check=True, capture_output=True, env=environment)
    return time.perf_counter() - begun


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("--windows", type=int, default=1_000_000)
    parser.add_argument("--length", type=int, default=200)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--runtime", choices=["onnx", "keras"], default="onnx")
    parser.add_argument("--one", nargs=2, type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        measured(arguments, *arguments.one)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for windows in (arguments.windows // 10, arguments.windows):
            write_fasta(folder / "windows.fa", windows, arguments.length)
            again = [
                sys.executable,
                __file__,
                *sys.argv[1:],
                "--one",
                str(folder / "windows.fa"),
                str(folder / "out.tsv"),
            ]
            printed = subprocess.run(again, check=True, capture_output=True, text=True).stdout
            seconds, network, peak = map(float, printed.split()[-3:])
            print(
                f"{windows:,} windows: {windows / seconds:,.0f} a second, {network / seconds:.0%} of the time in the "
                f"network, {peak:,.0f} MiB"
            )
        write_fasta(folder / "one.fa", 1, arguments.length)
        for runtime in ("onnx", "keras"):
            times = [started(arguments.model, folder / "one.fa", runtime) for _ in range(3)]
            print(f"one window with {runtime}: {min(times):.1f} s")


if __name__ == "__main__":
    main()
