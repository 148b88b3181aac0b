"""Saved models: a network in a `.keras` file and the JSON beside it, read and checked against each other."""

import json
import zipfile
import zlib
from pathlib import Path

# Keras comes from this module, which imports it without the notes that TensorFlow writes as it starts.
from degu.training.backend import keras, total_parameters
from degu.errors import DeguError
from degu.models.layers import activations, batch_normalization, kmer_ridge  # noqa: F401  what saved models may refer to
from degu.outputs.outputs import Outputs


def load(given: object) -> tuple[keras.Model, dict, Outputs]:
    """Return the network, the content of its JSON and its outputs, from the path of the `.keras` file.

    Raises
    ------
    DeguError
        If this is no such path, a file is missing or damaged, or the two files are not of one model.
    """
    path = _path_of(given)
    for file in (path, path.with_suffix(".json")):
        if not file.is_file():
            raise DeguError(
                "there is no such file",
                where=file,
                expected="a model is two files beside each other, such as model.keras and model.json",
            )
    try:
        description = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        outputs = Outputs.from_json(description["outputs"])
        _check_flanks(description.get("flanks"))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DeguError(f"not a readable model with its JSON beside it: {error}", where=path) from error
    network = _load_network(path)
    _check_pair(network, description, outputs, path)
    return network, description, outputs


def _path_of(given: object) -> Path:
    """Return the path of a model's file, from what a person gives as one."""
    if not isinstance(given, str | Path) or not Path(given).name:
        raise DeguError(f"{given!r} was given as a model", expected="the path of a file such as model.keras")
    if Path(given).suffix != ".keras":
        raise DeguError("this is not the file of a model", where=given, expected="a file that ends in .keras")
    return Path(given)


def _check_flanks(flanks: object) -> None:
    """Raise a ValueError if the flanks of a description are there, and are not two lengths."""
    if flanks is None:
        return
    lengths = flanks if isinstance(flanks, list) else []
    if len(lengths) != 2 or not all(type(length) is int and length >= 0 for length in lengths):
        raise ValueError(f"the flanks are {flanks!r}, and not two numbers of bases")


def _load_network(path: Path) -> keras.Model:
    """Read the network in a `.keras` file, which is a zip archive."""
    try:
        # Keras says of an archive that was cut off that it is not there.
        zipfile.ZipFile(path).close()
        return keras.saving.load_model(path, compile=False)
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile, zlib.error) as error:
        if isinstance(error, OSError) and error.errno is not None:
            # The operating system, and not the content of the file, is the cause.
            raise DeguError(f"the file cannot be read: {error.strerror}", where=path) from error
        raise DeguError(
            f"the file is damaged, cut off or not a model of Keras: {error}",
            where=path,
            expected="a model as this project writes it",
            remedy="copy it again, or delete it and run Snakemake again",
        ) from error


def _check_pair(network: keras.Model, description: dict, outputs: Outputs, path: Path) -> None:
    """Check that a network is the one that a description tells of."""
    parameters = total_parameters(network.weights)
    pairs = {
        "outputs": (network.output_shape[-1], outputs.width),
        # A model that was not trained by this project may come without this number.
        "parameters": (parameters, description.get("parameters", parameters)),
    }
    for name, (found, described) in pairs.items():
        if found != described:
            raise DeguError(
                f"the network has {found} {name}, and the JSON beside it tells of {described}: "
                "they are of different models",
                where=path,
                expected=f"{path.name} and {path.with_suffix('.json').name} from the same folder of results",
                remedy="copy both files from the same folder",
            )
