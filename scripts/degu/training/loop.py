"""The training loop: several models side by side, each with weights, optimiser and batches of its own.

Each model computes what Keras's own `train_step` and `test_step` compute. Here the steps of all models make one
compiled function, so that the models share one process, one device and its queue.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

import keras

from degu.data.batches import Batches


class TrainingLoop(ABC):
    """A loop over the batches of some models side by side.

    Parameters
    ----------
    models
        Compiled models. They may differ in anything but the shapes of their inputs and targets.
    batches
        Batches of one of the models, which show those shapes.
    """

    def __init__(self, models: Sequence[keras.Model], batches: Batches) -> None:
        self._models = list(models)
        for model in models:
            # Variables may not be made where a function is compiled a second time.
            model.optimizer.build(model.trainable_variables)
        self._compiled: dict[tuple, Callable] = {}

    def run(self, batches: Sequence[Batches | None], *, training: bool) -> list[dict[str, float]]:
        """Go once over each model's batches and return each model's metrics.

        Parameters
        ----------
        batches
            Batches of each model, or None for a model that rests.
        training
            Whether models are fitted; else they are evaluated.
        """
        lengths = [len(own) if own is not None else 0 for own in batches]
        for model in self._models:
            model.reset_metrics()
        self._begin(training)
        for step in range(max(lengths)):
            active = tuple(index for index, length in enumerate(lengths) if step < length)
            if (active, training) not in self._compiled:
                self._compiled[active, training] = self._compile(active, training)
            data = [own[step] for own in batches if own is not None and step < len(own)]
            self._step(self._compiled[active, training], active, data)
        self._end()
        return [{name: float(value) for name, value in model.get_metrics_result().items()} for model in self._models]

    @abstractmethod
    def _compile(self, active: tuple[int, ...], training: bool) -> Callable:
        """Return the function that takes one step with each of some models."""

    @abstractmethod
    def _step(self, function: Callable, active: tuple[int, ...], data: list) -> None:
        """Call that function on a batch of each of these models."""

    @abstractmethod
    def _begin(self, training: bool) -> None:
        """Get ready to go over the batches."""

    @abstractmethod
    def _end(self) -> None:
        """Leave the models as going over the batches has made them."""


class TensorFlowLoop(TrainingLoop):
    """The loop on TensorFlow, whose functions change variables in place."""

    def __init__(self, models: Sequence[keras.Model], batches: Batches) -> None:
        import tensorflow as tf

        super().__init__(models, batches)

        # TensorFlow's XLA is slower than its plain operations for these networks on a CPU.
        def compiled(function: Callable, signature: object) -> Callable:
            return tf.function(function, input_signature=[signature], autograph=False, jit_compile=False)

        # Batches differ in size, and one trace is to do for all.
        batch = tuple(tf.TensorSpec((None, *array.shape[1:]), tf.float32) for array in batches[0])
        self._steps = {
            training: [compiled(model.train_step if training else model.test_step, batch) for model in models]
            for training in (True, False)
        }
        self._together = lambda steps: compiled(
            lambda data: [step(own) for step, own in zip(steps, data, strict=True)], [batch] * len(steps)
        )

    def _compile(self, active: tuple[int, ...], training: bool) -> Callable:
        return self._together([self._steps[training][index] for index in active])

    def _step(self, function: Callable, active: tuple[int, ...], data: list) -> None:
        function(data)

    def _begin(self, training: bool) -> None:
        pass

    def _end(self) -> None:
        pass


class JaxLoop(TrainingLoop):
    """The loop on JAX, whose functions take the state of each model and return it changed."""

    def __init__(self, models: Sequence[keras.Model], batches: Batches) -> None:
        super().__init__(models, batches)
        for model in models:
            # This makes the variables of the model's metrics.
            model.test_on_batch(*batches[0])
        self._states: list[list] = []
        self._training = False

    def _variables(self, model: keras.Model) -> list[list]:
        """Return a model's variables in the groups that `train_step` and `test_step` take."""
        optimizer = [model.optimizer.variables] if self._training else []
        return [model.trainable_variables, model.non_trainable_variables, *optimizer, model.metrics_variables]

    def _begin(self, training: bool) -> None:
        self._training = training
        self._states = [[[v.value for v in group] for group in self._variables(model)] for model in self._models]

    def _compile(self, active: tuple[int, ...], training: bool) -> Callable:
        import jax

        steps = [getattr(self._models[index], "train_step" if training else "test_step") for index in active]
        return jax.jit(lambda states, data: [step(*own)[1] for step, *own in zip(steps, states, data, strict=True)])

    def _step(self, function: Callable, active: tuple[int, ...], data: list) -> None:
        for index, state in zip(active, function([self._states[index] for index in active], data), strict=True):
            self._states[index] = state

    def _end(self) -> None:
        for model, state in zip(self._models, self._states, strict=True):
            for variables, values in zip(self._variables(model), state, strict=True):
                for variable, value in zip(variables, values, strict=True):
                    variable.assign(value)
        self._states = []


def training_loop(models: Sequence[keras.Model], batches: Batches) -> TrainingLoop:
    """Return the training loop of Keras's backend."""
    kinds = {"tensorflow": TensorFlowLoop, "jax": JaxLoop}
    return kinds[keras.backend.backend()](models, batches)
