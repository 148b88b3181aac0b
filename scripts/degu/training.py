"""Training of one model: seeded, checkpointed each epoch, resumable to the same weights."""

import importlib
import json
import logging
import time
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import keras
import numpy as np

from degu.batches import Batches
from degu.errors import DeguError
from degu.files import write_aside
from degu.objective import Layout, build_objective, head_weights
from degu.outputs import Outputs

log = logging.getLogger(__name__)

# Sequences a step when nothing is learned.
EVALUATION_BATCH = 512


@dataclass(frozen=True)
class TrainingData:
    """What one model is trained on.

    Attributes
    ----------
    tokens, targets
        The training sequences, uint8 (N, L), and their targets by name, as in `degu.targets`.
    validation_tokens, validation_targets
        The same for the sequences that early stopping and the learning-rate schedule watch.
    """

    tokens: np.ndarray
    targets: Mapping[str, np.ndarray]
    validation_tokens: np.ndarray
    validation_targets: Mapping[str, np.ndarray]


def build_model(recipe: Mapping, length: int, outputs: Outputs, seed: int) -> keras.Model:
    """Return a fresh model; every weight follows from the seed."""
    keras.utils.clear_session()
    keras.utils.set_random_seed(seed)
    module = importlib.import_module(f"degu.models.{recipe['model']['name']}")
    try:
        return module.build(length, outputs, **_without_name(recipe["model"]))
    except ValueError as error:
        raise DeguError(
            f"model '{recipe['model']['name']}' cannot be built for sequences of {length} bases: {error}",
            where="recipe.model",
        ) from error


def train(
    recipe: Mapping, data: TrainingData, outputs: Outputs, seed: int, *, checkpoint: Path, identity: str, label: str
) -> tuple[keras.Model, list[dict]]:
    """Train one model as its recipe says.

    Parameters
    ----------
    recipe
        Resolved settings of a teacher or student.
    data
        Sequences and targets.
    outputs
        What the model puts out.
    seed
        Of initial weights, dropout and shuffling.
    checkpoint
        File that holds the state after each epoch. If it is there, and of the same identity, training goes on from
        it and ends with the weights of an uninterrupted training.
    identity
        Text that differs whenever recipe, data or seed do.
    label
        Name of the training, for the progress lines.

    Returns
    -------
    The model with the weights of its best epoch, and for each epoch a mapping of epoch, loss, val_loss, learning_rate
    and seconds

    Raises
    ------
    DeguError
        If the loss is not finite.
    """
    model = build_model(recipe, data.tokens.shape[1], outputs, seed)
    scaled, validation = (
        {name: outputs.scale(name, values) for name, values in targets.items()}
        for targets in (data.targets, data.validation_targets)
    )
    if recipe["output_bias"] == "targets":
        set_output_bias(model, outputs, scaled)
    layout = Layout.of(scaled)
    model.compile(
        optimizer=keras.optimizers.get(
            {"class_name": recipe["optimizer"]["name"], "config": _without_name(recipe["optimizer"])}
        ),
        loss=build_objective(recipe, outputs, layout, head_weights(recipe, outputs, scaled)),
        metrics=[keras.metrics.AUC(from_logits=True, name="auroc")] if recipe["monitor"] == "auroc" else None,
        # TensorFlow's XLA is slower than its plain operations for these networks on a CPU; JAX needs compilation.
        jit_compile=False if keras.backend.backend() == "tensorflow" else "auto",
    )
    watched = {"monitor": f"val_{recipe['monitor']}", "mode": "min" if recipe["monitor"] == "loss" else "max"}
    stopping = keras.callbacks.EarlyStopping(
        **watched, patience=recipe["early_stopping"]["patience"], restore_best_weights=True
    )
    schedule = recipe["reduce_learning_rate"]
    plateau = keras.callbacks.ReduceLROnPlateau(
        **watched, factor=schedule["factor"], patience=schedule["patience"], min_lr=schedule["minimum"]
    )
    progress = Progress(label, recipe["epochs"])
    state = Checkpoint(checkpoint, identity, stopping, plateau, progress)
    first_epoch = state.load(model)
    batch_size = recipe["batch_size"]
    model.fit(
        Batches(data.tokens, layout.pack(scaled), batch_size=batch_size, seed=seed, first_epoch=first_epoch),
        validation_data=Batches(data.validation_tokens, layout.pack(validation), batch_size=EVALUATION_BATCH),
        epochs=recipe["epochs"],
        initial_epoch=recipe["epochs"] if state.stopped else first_epoch,
        callbacks=[stopping, plateau, progress, state],
        shuffle=False,
        verbose=0,
    )
    log.info(
        "%s: best epoch %d of %d, validation %s %.5g",
        label,
        stopping.best_epoch + 1,
        len(progress.history),
        recipe["monitor"],
        stopping.best,
    )
    return model, progress.history


def set_output_bias(model: keras.Model, outputs: Outputs, targets: Mapping[str, np.ndarray]) -> None:
    """Let each head that has a target begin at the mean of it, on the scale of its link.

    Parameters
    ----------
    model
        Fresh; its output layers are named for their parameters.
    outputs
        What it puts out.
    targets
        Of the training rows, in scaled units.
    """
    for name, activation in outputs.parameters.items():
        source = {"lower": "measured", "upper": "measured"}.get(name, name)
        if source not in targets and name != "mean":
            continue
        values = targets.get(source, targets.get("measured", targets.get("member_mean")))
        start = outputs.to_link(name, values.reshape(-1, values.shape[-1]).mean(axis=0))
        if activation == "softplus":
            start = np.log(np.expm1(np.maximum(start, outputs.floor)))
        model.get_layer(name).bias.assign(start)


def _without_name(settings: Mapping) -> dict:
    return {key: value for key, value in settings.items() if key != "name"}


class Progress(keras.callbacks.Callback):
    """Keeps the history, and logs each epoch's losses and the time left at most.

    Attributes
    ----------
    history
        One mapping an epoch.
    """

    def __init__(self, label: str, epochs: int) -> None:
        super().__init__()
        self.label = label
        self.epochs = epochs
        self.history: list[dict] = []
        self._start = 0.0

    def on_epoch_begin(self, epoch: int, logs: Mapping | None = None) -> None:
        """Start the clock."""
        self._start = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: Mapping | None = None) -> None:
        """Keep and log the epoch."""
        row = {name: float(logs[name]) for name in ("loss", "val_loss", "learning_rate")}
        row = {"epoch": epoch + 1, **row, "seconds": time.perf_counter() - self._start}
        if not np.isfinite([row["loss"], row["val_loss"]]).all():
            raise DeguError(
                f"the loss after epoch {epoch + 1} is {row['loss']} in training, {row['val_loss']} in validation",
                where=self.label,
                expected="finite losses",
                remedy="lower the learning rate, or look for extreme targets",
            )
        self.history.append(row)
        left = (self.epochs - epoch - 1) * float(np.mean([past["seconds"] for past in self.history[-5:]]))
        log.info(
            "%s: epoch %d/%d, loss %.5g, validation loss %.5g, learning rate %.3g, %.1f s, at most %d:%02d left",
            self.label,
            row["epoch"],
            self.epochs,
            row["loss"],
            row["val_loss"],
            row["learning_rate"],
            row["seconds"],
            *divmod(round(left), 60),
        )


class Checkpoint(keras.callbacks.Callback):
    """Saves after each epoch all that the rest of the training depends on, and restores it.

    That is: weights, batch-norm statistics and dropout seeds of the model, the optimiser's state and learning rate,
    the counters of early stopping and of the learning-rate schedule, the best weights so far, and the history.
    """

    COUNTERS: ClassVar[dict[str, tuple[str, ...]]] = {
        "stopping": ("wait", "stopped_epoch", "best", "best_epoch"),
        "plateau": ("wait", "best", "cooldown_counter"),
    }

    def __init__(
        self,
        path: Path,
        identity: str,
        stopping: keras.callbacks.EarlyStopping,
        plateau: keras.callbacks.ReduceLROnPlateau,
        progress: Progress,
    ) -> None:
        super().__init__()
        self.path = path
        self.identity = identity
        self.callbacks = {"stopping": stopping, "plateau": plateau}
        self.progress = progress
        self.stopped = False
        self._saved: tuple[dict, dict] | None = None

    def load(self, model: keras.Model) -> int:
        """Read the file if it is there and fits; return the epoch to begin with."""
        if not self.path.is_file():
            return 0
        try:
            with np.load(self.path, allow_pickle=False) as file:
                state = json.loads(str(file["state"]))
                arrays = {name: file[name] for name in file.files if name != "state"}
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            log.warning("checkpoint %s is not readable (%s): training from the start", self.path, error)
            return 0
        if state["identity"] != self.identity:
            log.warning("checkpoint %s is of another recipe, data set or seed: training from the start", self.path)
            return 0
        self._saved = (state, arrays)
        self.stopped = state["stopped"]
        log.info("resuming after epoch %d from %s", len(state["history"]), self.path)
        return len(state["history"])

    def on_train_begin(self, logs: Mapping | None = None) -> None:
        """Restore what was read; the other callbacks have just reset themselves."""
        if self._saved is None:
            return
        state, arrays = self._saved
        self.model.optimizer.build(self.model.trainable_variables)
        for group, variables in self._variables().items():
            for index, variable in enumerate(variables):
                variable.assign(arrays[f"{group}{index}"])
        for name, callback in self.callbacks.items():
            for counter in self.COUNTERS[name]:
                setattr(callback, counter, state[name][counter])
        best = [name for name in arrays if name.startswith("best")]
        self.callbacks["stopping"].best_weights = [arrays[f"best{index}"] for index in range(len(best))]
        self.progress.history[:] = state["history"]
        self._saved = None

    def on_epoch_end(self, epoch: int, logs: Mapping | None = None) -> None:
        """Write the state, whole or not at all."""
        state = {"identity": self.identity, "history": self.progress.history, "stopped": self.model.stop_training}
        for name, callback in self.callbacks.items():
            state[name] = {counter: getattr(callback, counter) for counter in self.COUNTERS[name]}
        arrays = {
            f"{group}{index}": keras.ops.convert_to_numpy(variable)
            for group, variables in self._variables().items()
            for index, variable in enumerate(variables)
        }
        arrays |= {f"best{index}": weight for index, weight in enumerate(self.callbacks["stopping"].best_weights)}
        with write_aside(self.path) as aside, aside.open("wb") as file:
            np.savez(file, state=np.array(json.dumps(state)), **arrays)

    def _variables(self) -> dict[str, list]:
        return {"model": self.model.variables, "optimizer": self.model.optimizer.variables}
