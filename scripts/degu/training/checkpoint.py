"""The state that a training saves after each epoch, so that a killed one goes on to the same weights."""

import json
import logging
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import keras
import numpy as np

from degu.errors import DeguError
from degu.formats.files import write_aside

log = logging.getLogger(__name__)


class Progress(keras.callbacks.Callback):
    """Keeps the history, and logs each epoch's losses and the time left at most.

    Attributes
    ----------
    history
        One mapping for each epoch.
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
        losses = logs or {}
        row = {name: float(losses[name]) for name in ("loss", "val_loss", "learning_rate")}
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
            extra={"progress": True},
        )


class Checkpoint(keras.callbacks.Callback):
    """Saves after each epoch all that the rest of the training depends on, and restores it.

    These are the weights, batch-norm statistics and dropout seeds of the model, the optimiser's state and learning
    rate, the counters of early stopping and of the learning-rate schedule, the best weights so far, and the history.

    Parameters
    ----------
    path
        The file.
    identity
        Text that differs whenever recipe, data or seed do.
    callbacks
        `stopping`, and `plateau` if the learning rate is reduced where the validation loss does not improve.
    progress
        The history.
    """

    COUNTERS: ClassVar[dict[str, tuple[str, ...]]] = {
        "stopping": ("wait", "stopped_epoch", "best", "best_epoch"),
        "plateau": ("wait", "best", "cooldown_counter"),
    }

    def __init__(
        self,
        path: Path,
        identity: str,
        callbacks: Mapping[str, keras.callbacks.Callback],
        progress: Progress,
    ) -> None:
        super().__init__()
        self.path = path
        self.identity = identity
        self.callbacks = callbacks
        self.progress = progress
        self.stopped = False
        self._saved: tuple[dict, dict] | None = None

    def load(self, model: keras.Model) -> int:
        """Read the file if it is there and belongs to this training, and return the epoch to begin with."""
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
        """Restore the state that was read; the other callbacks have just reset themselves."""
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
