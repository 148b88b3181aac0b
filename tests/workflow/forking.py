"""Run one Python command after another without importing the same packages for each of them.

To import Snakemake takes longer than most dry runs of the tests, and to import TensorFlow longer than most of their
jobs. A server is a process that has imported some packages once. For each command it forks a process, which goes on as
`python ARGUMENTS` does: its working directory, its variables, its arguments and its streams are those of the command,
and nothing that it changes outlasts it. Two things differ: Snakemake's banner names, as the directory of the run, that
of the server, and all packages of the server are loaded in each of its processes.
"""

import atexit
import contextlib
import functools
import gc
import importlib
import json
import os
import runpy
import select
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

# These are Snakemake and what it imports while it plans.
PLANNING = (
    *("snakemake.cli", "snakemake.report.html_reporter"),
    *("h5py", "jsonschema", "nbformat", "requests", "smart_open"),
)
# These are what the scripts of the rules import, but for the project itself.
JOBS = (
    *("snakemake.script", "keras", "pandas", "pyarrow.parquet", "h5py", "openpyxl"),
    *("scipy.stats", "sklearn.linear_model", "matplotlib.pyplot", "seaborn", "logomaker", "crepes", "scoringrules"),
)
# This stands in for `python`: it asks the server to run a script, and ends as the script does.
STAND_IN = """#!{python} -IS
import os, sys
sys.path.append({folder!r})
if sys.argv[1].startswith("-"):
    os.execv({python!r}, [{python!r}, *sys.argv[1:]])
import forking
code = forking.ask({address!r}, os.getcwd(), sys.argv[1:], dict(os.environ), (0, 1, 2))
sys.exit(code if code >= 0 else 128 - code)
"""


def run(
    modules: tuple[str, ...],
    folder: Path,
    arguments: Sequence[str],
    variables: Mapping[str, str],
    python: str = sys.executable,
) -> subprocess.CompletedProcess:
    """Run `python ARGUMENTS` in a folder, by a server that has imported some modules.

    Its `sys.executable` is `python`, and `stdout` of the result is all that it prints, to either stream.
    """
    address = start(modules)
    with Path(os.devnull).open() as nothing, tempfile.TemporaryFile() as output:
        streams = (nothing.fileno(), output.fileno(), output.fileno())
        code = ask(address, str(folder), arguments, variables, streams, python)
        output.seek(0)
        printed = output.read().decode(errors="replace")
    return subprocess.CompletedProcess(["python", *arguments], code, printed)


@functools.cache
def stand_in() -> str:
    """Return a file that stands in for `python`, and whose scripts are run by a server for jobs."""
    address = start(JOBS)
    path = Path(address).with_name("stand_in")
    path.write_text(STAND_IN.format(python=sys.executable, folder=str(Path(__file__).parent), address=address))
    path.chmod(0o700)
    return str(path)


@functools.cache
def start(modules: tuple[str, ...]) -> str:
    """Start a server that imports some modules, and return its address; it ends when this process does.

    Whoever asks it before it has imported them waits.
    """
    folder = tempfile.TemporaryDirectory(prefix="forking")
    address = str(Path(folder.name) / "server")
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen(100)
        command = [sys.executable, "-P", __file__, str(listener.fileno()), *modules]
        server = subprocess.Popen(command, env=variables, stdin=subprocess.PIPE, pass_fds=[listener.fileno()])
    atexit.register(folder.cleanup)
    atexit.register(server.communicate)
    return address


def ask(
    address: str,
    folder: str,
    arguments: Sequence[str],
    variables: Mapping[str, str],
    streams: tuple[int, int, int],
    python: str = sys.executable,
) -> int:
    """Let a server run `python ARGUMENTS`, and return its exit code; `python` is what it takes for its executable."""
    command = {"folder": folder, "arguments": list(arguments), "variables": dict(variables), "python": python}
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(address)
        socket.send_fds(connection, [b" "], streams)
        connection.sendall(json.dumps(command).encode())
        connection.shutdown(socket.SHUT_WR)
        answer = connection.makefile().read()
    assert answer, f"the server of {address} has ended"
    return int(answer)


def serve(listener: socket.socket) -> list[str]:
    """Fork a process for each command; return the arguments of `python` in the forked process alone."""
    while listener in select.select([listener, sys.stdin], [], [])[0]:
        connection, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            return answer(connection)
        connection.close()
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
    # The process that has started this one has ended.
    os._exit(0)


def answer(connection: socket.socket) -> list[str]:
    """Fork a process for a command, and return in it; tell the exit code to the one who asked."""
    _, descriptors, _, _ = socket.recv_fds(connection, 1, 3)
    request = json.loads(connection.makefile().read())
    child = os.fork()
    if child:
        for descriptor in descriptors:
            os.close(descriptor)
        connection.sendall(str(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])).encode())
        os._exit(0)
    connection.close()
    for number, descriptor in enumerate(descriptors):
        os.dup2(descriptor, number)
        os.close(descriptor)
    return prepare(**request)


def prepare(folder: str, arguments: list[str], variables: Mapping[str, str], python: str) -> list[str]:
    """Give this process what a shell gives to a new one."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variables)
    sys.executable = python
    sys.dont_write_bytecode = "PYTHONDONTWRITEBYTECODE" in variables
    return arguments


def go_on(arguments: list[str]) -> None:
    """Go on as `python ARGUMENTS`."""
    if arguments[0] == "-m":
        sys.argv = arguments[1:]
        sys.path.insert(0, str(Path.cwd()))
        runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = arguments
        sys.path.insert(0, str(Path(arguments[0]).resolve().parent))
        runpy.run_path(arguments[0], run_name="__main__")


def exit_code(arguments: list[str]) -> int:
    """Go on as `python ARGUMENTS`, and return the exit code."""
    try:
        go_on(arguments)
    except SystemExit as error:
        if isinstance(error.code, str):
            print(error.code, file=sys.stderr)
        return error.code if isinstance(error.code, int) else int(error.code is not None)
    except BaseException:
        sys.excepthook(*sys.exc_info())
        return 1
    return 0


def leave(code: int) -> None:
    """End this process as Python does, but without freeing all that the server has imported, which takes a while."""
    threading._shutdown()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    for module in sys.argv[2:]:
        importlib.import_module(module)
    # A forked process need not look through all of this for garbage.
    gc.freeze()
    leave(exit_code(serve(socket.socket(fileno=int(sys.argv[1])))))
