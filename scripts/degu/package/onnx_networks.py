"""Networks in ONNX files, which ONNX Runtime computes without Keras or TensorFlow."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from degu.errors import DeguError


def load_onnx(path: Path, threads: int) -> Callable[..., Sequence[np.ndarray]]:
    """Return the function of the arrays that an ONNX file takes, in their order, which gives those that it puts out.

    Raises
    ------
    DeguError
        If the file is damaged.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    # Threads that wait for work would otherwise keep their cores busy.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        # ONNX Runtime has an exception of its own for each kind of damage.
        raise DeguError(
            f"ONNX Runtime cannot read the file: {str(error).splitlines()[0]}",
            where=path,
            remedy="use Keras with --runtime keras, or package the student again",
        ) from error
    names = [value.name for value in session.get_inputs()]
    return lambda *arrays: session.run(None, dict(zip(names, arrays, strict=True)))
