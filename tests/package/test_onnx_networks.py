"""Networks in ONNX files; what they give is compared with Keras in test_keras_networks.py."""

import pytest

from degu.errors import DeguError
from degu.package.onnx_networks import load_onnx


def test_a_damaged_file_is_refused(tmp_path):
    (tmp_path / "student-1.onnx").write_bytes(b"no network")
    with pytest.raises(DeguError, match=r"student-1\.onnx: ONNX Runtime cannot read the file"):
        load_onnx(tmp_path / "student-1.onnx", 1)
