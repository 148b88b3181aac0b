"""Training of models, one or several side by side: seeded, saved after each epoch, resumable to the same weights."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np

from degu.data.batches import EVALUATION_BATCH, Augmentation, Batches
from degu.data.epochs import DrawnNegatives, Epochs
from degu.data.windows import Windows
from degu.errors import DeguError
from degu.outputs.outputs import Outputs
from degu.outputs.packing import TargetPacking
from degu.training.building import Inheritance, build_model, plain_copy, set_output_bias, take_weights
from degu.training.checkpoint import Checkpoint, Progress
from degu.training.loop import training_loop
from degu.training.objective import build_objective, check_targets
from degu.training.schedule import build_callbacks, build_optimizer

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class TrainingData:
    """Sequences and targets of one training.

    Attributes
    ----------
    tokens, targets
        The training sequences, uint8 (N, L), and their named target arrays (see `degu.distillation.targets`).
    validation_tokens, validation_targets
        The same for the sequences that early stopping and the learning-rate schedule watch.
    windows
        Stretches that the training sequences are windows of, if windows are drawn anew each epoch, with what was
        measured in each of them.
    augment
        Change of the training sequences of each batch, drawn anew each epoch.
    label
        Function that makes the named target arrays of the sequences of a batch, tokens (B, L), after augmentation. It
        takes the place of `targets`, which then only say how targets are scaled and weighted.
    keep_originals
        Whether a batch holds its sequences as they are, with `targets`, beside those that augmentation changes.
    epochs
        Which sequences each epoch has; None stands for all of them.
    fine_tuning
        Sequences and targets of fine-tuning; None stands for `tokens` and `targets`.
    """

    tokens: np.ndarray
    targets: Mapping[str, np.ndarray]
    validation_tokens: np.ndarray
    validation_targets: Mapping[str, np.ndarray]
    windows: Windows | None = None
    augment: Augmentation | None = None
    label: Callable[[np.ndarray], Mapping[str, np.ndarray]] | None = None
    keep_originals: bool = False
    epochs: Epochs | None = None
    fine_tuning: tuple[np.ndarray, Mapping[str, np.ndarray]] | None = None

    def for_fine_tuning(self) -> "TrainingData":
        """Return the sequences and targets of fine-tuning, which stay as they are."""
        tokens, targets = self.fine_tuning or (self.tokens, self.targets)
        epochs = self.epochs if self.fine_tuning is None else None
        return TrainingData(tokens, targets, self.validation_tokens, self.validation_targets, epochs=epochs)

    @property
    def epoch_size(self) -> int:
        """Number of sequences in an epoch."""
        return len(self.tokens) if self.epochs is None else self.epochs.size

    def steps(self, batch_size: int) -> int:
        """Return the number of training steps in an epoch."""
        return -(-self.epoch_size // batch_size)

    def typical_targets(self, seed: int) -> Mapping[str, np.ndarray]:
        """Return the targets that scales and weights are taken from: all, or those of the first epoch of a seed.

        The latter is for epochs with a part of the negatives, since all of these would change what is usual.
        """
        if not isinstance(self.epochs, DrawnNegatives):
            return self.targets
        rows = self.epochs.order(seed, 0)
        return {name: values[rows] for name, values in self.targets.items()}

    def batches(self, packing: TargetPacking, *, batch_size: int, seed: int, first_epoch: int) -> Batches:
        """Return the batches that a model is fitted on."""
        label, windows = self.label, self.windows

        def draw(rows: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray | None]:
            assert windows is not None
            tokens, targets = windows.draw(rows, rng, () if label else tuple(packing.shapes))
            return tokens, packing.pack(targets) if targets else None

        return Batches(
            self.tokens,
            # Targets of windows that are drawn anew are packed batch by batch.
            packing.pack(self.targets) if windows is None else None,
            batch_size=batch_size,
            seed=seed,
            first_epoch=first_epoch,
            epochs=self.epochs,
            draw=None if windows is None else draw,
            augment=self.augment,
            label=None if label is None else lambda tokens: packing.pack(label(tokens)),
            keep_originals=self.keep_originals,
        )

    def validation_batches(self, packing: TargetPacking) -> Batches:
        """Return the batches that a model is evaluated on after each epoch."""
        targets = packing.pack(self.validation_targets)
        return Batches(self.validation_tokens, targets, batch_size=EVALUATION_BATCH)


class Training:
    """One model in training.

    Parameters
    ----------
    recipe
        Resolved settings of a teacher or student.
    data
        Sequences and targets.
    outputs
        The parameters that the model puts out.
    seed
        Seed of the initial weights, of dropout, of shuffling and of augmentation.
    checkpoint
        File that holds the state after each epoch. If it is there, and has the same identity, training goes on from
        it and ends with the weights of an uninterrupted training.
    identity
        Text that differs whenever recipe, data or seed do.
    label
        Name of the training, for the progress lines.
    inheritance
        What the model has of other models when training begins; None stands for nothing.

    Attributes
    ----------
    model
        The model as it is trained; `trained` is what to keep of it.
    """

    def __init__(
        self,
        recipe: Mapping,
        data: TrainingData,
        outputs: Outputs,
        seed: int,
        *,
        checkpoint: Path,
        identity: str,
        label: str,
        inheritance: Inheritance | None = None,
    ) -> None:
        self.label = label
        inherited = inheritance or Inheritance()
        parts = inherited.ridge, inherited.build, inherited.bias
        self.model = build_model(recipe, data.tokens.shape[1], outputs, seed, *parts)
        self._monitored = recipe["monitor"]
        for targets in (data.targets, data.validation_targets):
            check_targets(recipe, outputs, targets)
        packing = TargetPacking.of_recipe(recipe, outputs, data.typical_targets(seed))
        set_output_bias(self.model, packing)
        if inherited.model is not None:
            take_weights(self.model, inherited.model, outputs)
        steps = data.steps(recipe["batch_size"])
        self.model.compile(
            optimizer=build_optimizer(recipe, steps),
            loss=build_objective(recipe, packing),
            metrics=[keras.metrics.AUC(from_logits=True, name="auroc")] if recipe["monitor"] == "auroc" else None,
        )
        callbacks = build_callbacks(recipe, steps)
        self._stopping = callbacks["stopping"]
        self._progress = Progress(label, recipe["epochs"])
        state = Checkpoint(checkpoint, identity, callbacks, self._progress)
        self._epoch = state.load(self.model)
        self._epochs = self._epoch if state.stopped else recipe["epochs"]
        self._callbacks = keras.callbacks.CallbackList([*callbacks.values(), self._progress, state], model=self.model)
        self.batches = data.batches(packing, batch_size=recipe["batch_size"], seed=seed, first_epoch=self._epoch)
        self.validation = data.validation_batches(packing)

    @property
    def trained(self) -> keras.Model:
        """The model with the weights of its best epoch, to be kept: Keras's own layers, in single precision."""
        return plain_copy(self.model)

    @property
    def running(self) -> bool:
        """Whether an epoch is left to train."""
        return self._epoch < self._epochs and not self.model.stop_training

    @property
    def history(self) -> list[dict]:
        """For each epoch a mapping of epoch, loss, val_loss, learning_rate and seconds."""
        return self._progress.history

    def begin(self) -> None:
        """Set up all that is reset when a training begins, or restore it from the checkpoint."""
        self.model.stop_training = False
        self._callbacks.on_train_begin()

    def begin_epoch(self) -> None:
        """Shuffle the training sequences anew."""
        self._callbacks.on_epoch_begin(self._epoch)
        self.batches.on_epoch_begin()

    def end_epoch(self, losses: Mapping[str, float], validation: Mapping[str, float]) -> None:
        """Decide on learning rate and stopping, and save the state."""
        rate = {"learning_rate": float(self.model.optimizer.learning_rate)}
        watched = {f"val_{name}": value for name, value in validation.items()}
        self._callbacks.on_epoch_end(self._epoch, {**losses, **watched, **rate})
        self._epoch += 1

    def end(self) -> None:
        """Go back to the best epoch."""
        self._callbacks.on_train_end()
        best = self._stopping
        log.info(
            "%s: best epoch %d of %d, validation %s %.5g",
            self.label,
            best.best_epoch + 1,
            len(self.history),
            self._monitored,
            best.best,
        )


def train(trainings: Sequence[Training]) -> None:
    """Train models side by side, each as it would be by itself.

    Every model has its own initial weights, order of sequences, dropout, learning rate and end; one that has stopped
    rests while the others go on.

    Raises
    ------
    DeguError
        If two of them share weights, or the loss of one is not finite.
    """
    weights = [id(weight) for training in trainings for weight in training.model.weights]
    if len(set(weights)) < len(weights):
        raise DeguError(
            "two models share weights",
            where=trainings[0].label,
            expected="fresh layers each time that a model is built",
            remedy="make the layers within the function that builds the model",
        )
    for training in trainings:
        training.begin()
    if not any(training.running for training in trainings):
        # A training that was killed after its last epoch has its best weights to go back to, and nothing to compile.
        _end(trainings)
        return
    loop = training_loop([training.model for training in trainings], trainings[0].batches)
    while running := [training for training in trainings if training.running]:
        for training in running:
            training.begin_epoch()
        losses = loop.run([one.batches if one in running else None for one in trainings], training=True)
        validation = loop.run([one.validation if one in running else None for one in trainings], training=False)
        for training in running:
            index = trainings.index(training)
            training.end_epoch(losses[index], validation[index])
    _end(trainings)


def _end(trainings: Sequence[Training]) -> None:
    for training in trainings:
        training.end()
