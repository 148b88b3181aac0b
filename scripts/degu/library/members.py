"""Trained models as the members of an ensemble: those of a pipeline or of this library, and any others of Keras."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from degu.training.backend import keras
from degu.errors import DeguError, did_you_mean
from degu.library.arrays import names_of
from degu.outputs.heads import ARRAYS, HEADS, Heads
from degu.outputs.outputs import Outputs
from degu.prediction.loading import load
from degu.prediction.predictor import Predictor
from degu.training.building import functional
from degu.training.saving import save_model

# What a model may put out: heads with one value for each sequence and target.
ALLOWED = tuple(head for head in HEADS if head not in ARRAYS)


@dataclass(frozen=True)
class Convention:
    """How the outputs of models that were trained elsewhere are read.

    Attributes
    ----------
    heads
        Names of the outputs, for models that do not name them.
    targets
        Names of the targets; None if a person has given none.
    flanks
        Lengths of the constant flanks.
    strands
        `one`, or `both` if predictions are averaged over both strands.
    """

    heads: Sequence[str] | None
    targets: Sequence[str] | None
    flanks: tuple[int, int]
    strands: str


def member_file(model: Any, number: int, convention: Convention, folder: Path) -> Path:
    """Return the file of a member, which has a description beside it.

    Parameters
    ----------
    model
        A model of Keras, or the path of its `.keras` file. If a description lies beside the file, as the pipeline and
        `Ensemble.save` write it, that says what the model puts out. Else `network_of` reads it.
    number
        The number of the member, from 1 on.
    convention
        How other outputs are read.
    folder
        Where the file of another model is put.

    Raises
    ------
    DeguError
        If there is no such file, or it holds no model that can be a member.
    """
    what = f"model {number}"
    if isinstance(model, str | Path):
        path = Path(model)
        if path.with_suffix(".json").is_file() or path.suffix != ".keras" or not path.is_file():
            load(path)
            return path
        what, model = str(path), _read(path)
    elif not isinstance(model, keras.Model):
        raise DeguError(
            f"{what} is {type(model).__name__}",
            where="models",
            expected="trained models of Keras, or paths of .keras files",
            remedy="call Ensemble.train for models that are to be trained" if callable(model) else None,
        )
    network, outputs = network_of(model, what, convention)
    path = folder / f"member-{number}.keras"
    facts = {"flanks": list(convention.flanks), "strands": convention.strands, "seed_number": number}
    save_model(network, outputs, facts, path, path.with_suffix(".json"))
    _check_readable(path, what)
    return path


def network_of(model: keras.Model, what: str, convention: Convention) -> tuple[keras.Model, Outputs]:
    """Return a model with one output array, (B, H * T), and what it holds.

    A model that puts out a mapping names its heads itself. A model that puts out a list of arrays, (B, T) each, or one
    array of all heads side by side, (B, H * T), has the heads of the convention in their order; without any it puts out
    the mean alone.

    Parameters
    ----------
    model
        The model, which takes one-hot sequences, (B, L, 4), in the order A, C, G, T.
    what
        How error messages call it.
    convention
        How its outputs are read.

    Raises
    ------
    DeguError
        If it takes or puts out something else.
    """
    model = functional(model, what)
    _check_input(model, what)
    parts = _parts(model, what, convention.heads)
    shapes = {head: tuple(tensor.shape) for head, tensor in parts.items()}
    widths = {shape[-1] for shape in shapes.values()}
    if len(widths) > 1 or any(len(shape) != 2 or shape[1] is None for shape in shapes.values()):
        raise DeguError(
            f"{what} puts out arrays of the shapes {', '.join(f'{head} {shape}' for head, shape in shapes.items())}",
            expected="one value for each sequence, head and target, (None, T)",
        )
    targets = names_of(convention.targets, widths.pop())
    tensors = list(parts.values())
    if len(tensors) > 1:
        together = keras.layers.Concatenate(name="degu_outputs", dtype="float32")(tensors)
    else:
        together = keras.layers.Activation("linear", name="degu_outputs", dtype="float32")(tensors[0])
    return keras.Model(model.inputs[0], together), Outputs(Heads(tuple(parts), tuple(targets)))


def _check_input(model: keras.Model, what: str) -> None:
    shapes = [tuple(tensor.shape) for tensor in model.inputs]
    length = shapes[0][1] if len(shapes[0]) == 3 else None
    if len(shapes) > 1 or length is None or shapes[0][2] != 4:
        remedy = None
        if shapes[0] == (None, None, 4):
            remedy = "fix the length: inputs = keras.Input((200, 4)); keras.Model(inputs, model(inputs))"
        elif shapes[0][1:2] == (4,):
            turned = "model(keras.ops.transpose(x, (0, 2, 1)))"
            remedy = f"turn the axes: x = keras.Input((200, 4)); keras.Model(x, {turned})"
        raise DeguError(
            f"{what} takes {' and '.join(map(str, shapes))}",
            expected="one-hot sequences of one length, (None, L, 4), in the order A, C, G, T",
            remedy=remedy,
        )


def _parts(model: keras.Model, what: str, heads: Sequence[str] | None) -> dict[str, Any]:
    """Return the output of each head, in the order of `ALLOWED`."""
    names = ["mean"] if heads is None else [heads] if isinstance(heads, str) else list(heads)
    if isinstance(model.output, dict):
        parts = dict(model.output)
    elif isinstance(model.output, list | tuple):
        if len(model.output) != len(names):
            raise DeguError(
                f"{what} puts out {len(model.output)} arrays, and the heads are {', '.join(names)}",
                where="heads",
                expected="the name of each output, such as heads=('mean', 'aleatoric')",
            )
        parts = dict(zip(names, model.output, strict=True))
    else:
        width = model.output.shape[-1]
        if len(model.output.shape) != 2 or width is None or width % len(names):
            raise DeguError(
                f"{what} puts out an array of shape {tuple(model.output.shape)}, and the heads are {', '.join(names)}",
                expected=f"(None, {'T' if len(names) == 1 else f'{len(names)} * T'}) for T targets, one head after the "
                "other",
                remedy="name what it puts out as `heads`",
            )
        size = width // len(names)
        parts = {name: model.output[:, index * size : (index + 1) * size] for index, name in enumerate(names)}
        parts = {names[0]: model.output} if len(names) == 1 else parts
    unknown = [name for name in parts if name not in ALLOWED]
    if unknown:
        raise DeguError(f"unknown head '{unknown[0]}'", where=what, expected=did_you_mean(unknown[0], ALLOWED))
    if "mean" not in parts:
        raise DeguError(f"none of {', '.join(parts)} is 'mean'", where=what, expected="the activity, as 'mean'")
    return {head: parts[head] for head in ALLOWED if head in parts}


def _read(path: Path) -> keras.Model:
    try:
        return keras.saving.load_model(path, compile=False)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DeguError(f"Keras cannot read the model: {error}", where=path, remedy=_remedy(error)) from error


def _check_readable(path: Path, what: str) -> None:
    """Check that the file of a member can be read, which needs the classes of all of its layers."""
    try:
        keras.saving.load_model(path, compile=False)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DeguError(
            f"{what} cannot be written to a file and read again: {error}", where="models", remedy=_remedy(error)
        ) from error


def _remedy(error: Exception) -> str:
    if "lambda" in str(error).lower():
        return "write a layer class in place of the Lambda layer"
    return "put @keras.saving.register_keras_serializable() before the classes of its own layers, and import them"


def check_list(models: Any) -> None:
    """Check that two or more models are given, and none of them twice."""
    if isinstance(models, str | Path | keras.Model) or not isinstance(models, Sequence):
        raise DeguError(f"{type(models).__name__} was given", where="models", expected="a list of two or more models")
    if len(models) < 2:
        raise DeguError(
            f"{len(models)} was given", where="models", expected="two or more, which can disagree with each other"
        )
    for number, model in enumerate(models):
        before = [earlier for earlier in range(number) if models[earlier] is model or models[earlier] == model]
        if before:
            raise DeguError(
                f"models {before[0] + 1} and {number + 1} are the same",
                where="models",
                expected="models that were trained from different seeds",
                remedy="build and train a new model for each seed",
            )


def check_alike(members: Sequence[Predictor]) -> None:
    """Check that members take sequences of one length and put out the same heads."""
    first = members[0]
    for number, member in enumerate(members[1:], 2):
        if member.length != first.length:
            raise DeguError(
                f"model {number} takes {member.length} bases, and model 1 takes {first.length}",
                where="models",
                expected="models of one length",
            )
        if member.heads != first.heads:
            told = [f"{', '.join(one.heads.heads)} of {len(one.heads.targets)} targets" for one in (member, first)]
            raise DeguError(
                f"model {number} puts out {told[0]}, and model 1 {told[1]}",
                where="models",
                expected="models of the same heads and targets",
            )


def check_flanks(member: Predictor, left: str, right: str) -> None:
    """Check that flanks have the lengths that a member was trained with."""
    lengths = tuple(member.description.get("flanks") or (0, 0))
    if lengths != (len(left), len(right)):
        raise DeguError(
            f"they have {len(left)} and {len(right)} bases, and those of the models have {lengths[0]} and {lengths[1]}",
            where="flanks",
            expected="the constant bases left and right of each sequence in training",
        )
