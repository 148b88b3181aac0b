"""Training of models, one or several side by side: seeded, checkpointed each epoch, resumable to the same weights."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np

from degu.config.plugins import load
from degu.data.batches import Batches
from degu.errors import DeguError
from degu.models.layers.batch_normalization import BatchNormalization
from degu.outputs.outputs import Outputs
from degu.training.checkpoint import Checkpoint, Progress
from degu.training.loop import passes_of
from degu.training.objective import Layout, build_objective, head_weights

log = logging.getLogger(__name__)

# Sequences a step when nothing is learned.
EVALUATION_BATCH = 256


@dataclass(frozen=True)
class TrainingData:
    """What one model is trained on.

    Attributes
    ----------
    tokens, targets
        The training sequences, uint8 (N, L), and their targets by name, as in `degu.distillation.targets`.
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
    keras.mixed_precision.set_dtype_policy(recipe["precision"])
    module = load("model", recipe["model"]["name"])
    try:
        return module.build(length, outputs, **_without_name(recipe["model"]))
    except ValueError as error:
        raise DeguError(
            f"model '{recipe['model']['name']}' cannot be built for sequences of {length} bases: {error}",
            where="recipe.model",
        ) from error


class Training:
    """One model in training.

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

    Attributes
    ----------
    model
        In training; `trained` is what to keep of it.
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
    ) -> None:
        self.label = label
        self.model = build_model(recipe, data.tokens.shape[1], outputs, seed)
        self._monitored = recipe["monitor"]
        scaled, validation = (
            {name: outputs.scale(name, values) for name, values in targets.items()}
            for targets in (data.targets, data.validation_targets)
        )
        if recipe["output_bias"] == "targets":
            set_output_bias(self.model, outputs, scaled)
        layout = Layout.of(scaled)
        self.model.compile(
            optimizer=keras.optimizers.get(
                {"class_name": recipe["optimizer"]["name"], "config": _without_name(recipe["optimizer"])}
            ),
            loss=build_objective(recipe, outputs, layout, head_weights(recipe, outputs, scaled)),
            metrics=[keras.metrics.AUC(from_logits=True, name="auroc")] if recipe["monitor"] == "auroc" else None,
        )
        watched = {"monitor": f"val_{self._monitored}", "mode": "min" if self._monitored == "loss" else "max"}
        schedule = recipe["reduce_learning_rate"]
        self._stopping = keras.callbacks.EarlyStopping(
            **watched, patience=recipe["early_stopping"]["patience"], restore_best_weights=True
        )
        plateau = keras.callbacks.ReduceLROnPlateau(
            **watched, factor=schedule["factor"], patience=schedule["patience"], min_lr=schedule["minimum"]
        )
        self._progress = Progress(label, recipe["epochs"])
        state = Checkpoint(checkpoint, identity, self._stopping, plateau, self._progress)
        self._epoch = state.load(self.model)
        self._epochs = self._epoch if state.stopped else recipe["epochs"]
        self._callbacks = keras.callbacks.CallbackList(
            [self._stopping, plateau, self._progress, state], model=self.model
        )
        self.batches = Batches(
            data.tokens, layout.pack(scaled), batch_size=recipe["batch_size"], seed=seed, first_epoch=self._epoch
        )
        self.validation = Batches(data.validation_tokens, layout.pack(validation), batch_size=EVALUATION_BATCH)

    @property
    def trained(self) -> keras.Model:
        """The model with the weights of its best epoch, to be kept: Keras's own layers, in single precision."""
        # Keras clones the loss of a compiled model too.
        plain = keras.Model(self.model.input, self.model.output, name=self.model.name)
        model = keras.models.clone_model(plain, clone_function=_kept)
        model.set_weights(self.model.get_weights())
        return model

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
        self._callbacks.on_epoch_end(
            self._epoch, {**losses, **{f"val_{name}": value for name, value in validation.items()}}
        )
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
        If the loss of one is not finite.
    """
    for training in trainings:
        training.begin()
    if any(training.running for training in trainings):
        passes = passes_of([training.model for training in trainings], trainings[0].batches)
    while running := [training for training in trainings if training.running]:
        for training in running:
            training.begin_epoch()
        losses = passes.run([one.batches if one in running else None for one in trainings], training=True)
        validation = passes.run([one.validation if one in running else None for one in trainings], training=False)
        for training in running:
            index = trainings.index(training)
            training.end_epoch(losses[index], validation[index])
    for training in trainings:
        training.end()


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


def _kept(layer: keras.layers.Layer) -> keras.layers.Layer:
    """Return a copy of a layer, without weights, that anyone can load and that computes in single precision."""
    kind = keras.layers.BatchNormalization if isinstance(layer, BatchNormalization) else type(layer)
    return kind.from_config({**layer.get_config(), "dtype": "float32"})


def _without_name(settings: Mapping) -> dict:
    return {key: value for key, value in settings.items() if key != "name"}
