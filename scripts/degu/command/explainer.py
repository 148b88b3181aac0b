"""The attribution maps of a student, which may be several models, on one strand or on both."""

import hashlib
from collections.abc import Mapping

import numpy as np

from degu.attribution.compiled import Method, refuse_recurrent
from degu.attribution.contributions import one_hot as as_tensor
from degu.attribution.explain import TOLERANCE
from degu.attribution.explained import Explained
from degu.attribution.similarity import correct_gradients
from degu.command.map_wishes import ALONE, METHODS, Wishes, keys_of
from degu.command.maps import Map
from degu.config.plugins import options_of
from degu.data.dinucleotides import shuffle
from degu.data.sequences import N_TOKEN, one_hot, other_strand
from degu.errors import DeguError
from degu.outputs.heads import PROFILE
from degu.package.folder import ModelFolder
from degu.uncertainty.predictive import standard_deviations

# Backgrounds of each sequence that a network is checked with.
_CHECKED = 3
# An error is compared with this share of the spread of the activity, where the contributions are smaller.
_SMALL = 0.01


class Explainer:
    """The attribution method of a student, compiled for each head that is explained.

    Several students of one folder are explained one by one, and their maps are averaged.

    Parameters
    ----------
    model
        The student.
    wishes
        What is wanted.

    Raises
    ------
    DeguError
        If the student is a recurrent network, which the method does not explain.
    """

    def __init__(self, model: ModelFolder, wishes: Wishes) -> None:
        self._model, self._wishes = model, wishes
        self.keys = keys_of(model, wishes)
        self._methods: dict[tuple[str, str], list[Method]] = {key: [] for key in self.keys}
        self._explained: dict[tuple[str, str], list[Explained]] = {key: [] for key in self.keys}
        predictors = model.networks()
        for predictor in predictors:
            remedy = f"choose --method {', '.join(METHODS[1:-1])} or {METHODS[-1]}"
            refuse_recurrent(predictor.model, wishes.method, where=model.path, remedy=remedy)
            for target, head in self.keys:
                explained = Explained(predictor.model, predictor.outputs, head, model.targets.index(target))
                method = Method(explained, wishes.method, self._options(), self._number)
                self._methods[target, head].append(method)
                self._explained[target, head].append(explained)
        self._spreads = {target: predictors[0].outputs.spread[place] for place, target in enumerate(model.targets)}
        self._checked = False

    @property
    def _number(self) -> int:
        return 0 if self._wishes.method in ALONE else self._wishes.backgrounds

    def _options(self) -> dict[str, bool | int]:
        """Return the options of the method."""
        known, shown, length = options_of("attribution method", self._wishes.method), self.shown(), self._length
        # The fewest bases in the middle of a construct that hold all that are shown.
        wanted = {"hypothetical": True, "centre": length - 2 * min(shown.start, length - shown.stop)}
        return {name: value for name, value in wanted.items() if name in known}

    @property
    def _length(self) -> int:
        return self._model.construct.length

    def explained(self) -> slice:
        """Return the bases of a construct that have contributions."""
        construct = self._model.construct
        if self._wishes.flanks:
            return slice(0, construct.length)
        return slice(len(construct.left), construct.length - len(construct.right))

    def shown(self) -> slice:
        """Return the bases of a construct that are shown."""
        within, centre = self.explained(), self._wishes.centre
        outside = 0 if centre is None else max(0, within.stop - within.start - centre)
        return slice(within.start + outside // 2, within.stop - (outside - outside // 2))

    def backgrounds(self, constructs: np.ndarray) -> np.ndarray:
        """Return shuffles of constructs, uint8 (n, B, L), that keep the number of each dinucleotide.

        They follow from the seed and from the construct alone, and not from other sequences of a file.
        """
        wishes, within = self._wishes, self.explained()
        result = np.repeat(constructs[:, None], self._number, axis=1)
        if not self._number:
            return result
        for construct, own in zip(constructs, result, strict=True):
            digest = hashlib.sha256(construct.tobytes()).digest()
            rng = np.random.default_rng([wishes.seed, int.from_bytes(digest[:8], "big")])
            own[:, within] = shuffle(construct[None, within], wishes.backgrounds, rng)[0]
        return result

    def __call__(self, constructs: np.ndarray) -> dict[tuple[str, str], Map]:
        """Return the maps of constructs, uint8 (n, L), by target and head.

        Raises
        ------
        DeguError
            If the method cannot explain the network, or the contributions do not have the sum that they should have.
        """
        backgrounds = self.backgrounds(constructs)
        heads = self._model.predict(constructs) if any(head != PROFILE for _, head in self.keys) else {}
        found = {}
        for key in self.keys:
            hypothetical, difference = self._explain(key, constructs, backgrounds)
            contributions = (hypothetical * one_hot(constructs)).sum(axis=-1)
            target, head = key
            least = _SMALL * (1.0 if head == PROFILE else self._spreads[target])
            error = _errors(contributions, difference, constructs, least)
            exact = self._methods[key][0].exact
            worst = error[~np.isnan(error)].max(initial=0.0)
            if exact and not worst <= TOLERANCE:
                raise DeguError(
                    f"the contributions to {head} of {target} do not sum to the change of the prediction: both differ "
                    f"by {worst:.2g} of their size",
                    expected=f"a difference of at most {TOLERANCE:g}",
                    remedy="choose --method integrated_gradients",
                )
            if head == PROFILE:
                prediction = self._value(key, constructs)
            else:
                prediction = _prediction(heads, head)[:, self._model.targets.index(target)]
            found[key] = Map(hypothetical, contributions, prediction, difference, error)
        return found

    def _explain(
        self, key: tuple[str, str], constructs: np.ndarray, backgrounds: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return hypothetical contributions, float32 (n, L, 4), and the change of the prediction, float64 (n,)."""
        construct = self._model.construct
        flanks = len(construct.left), len(construct.right)
        turns = [False, True] if self._both else [False]
        maps, differences = [], []
        for method in self._methods[key]:
            if not self._checked:
                method.check(constructs[:1], backgrounds[:1, :_CHECKED], where=self._model.path)
            for turned in turns:
                if not turned:
                    values, difference = method(constructs, backgrounds)
                else:
                    others = other_strand(backgrounds.reshape(-1, construct.length), flanks).reshape(backgrounds.shape)
                    values, difference = method(other_strand(constructs, flanks), others)
                    within = slice(flanks[0], construct.length - flanks[1])
                    # Turned round, the channels A, C, G, T are those of the complements.
                    values[:, within] = values[:, within][:, ::-1, ::-1]
                maps.append(values)
                differences.append(difference.astype(np.float64))
        self._checked = True
        mean = np.stack(maps).mean(axis=0, dtype=np.float32)
        if "hypothetical" not in options_of("attribution method", self._wishes.method):
            mean = correct_gradients(mean)
        return mean, np.stack(differences).mean(axis=0)

    @property
    def _both(self) -> bool:
        """Whether reverse complements are explained, too."""
        return self._wishes.both_strands or self._model.construct.strands == "both"

    def _value(self, key: tuple[str, str], constructs: np.ndarray) -> np.ndarray:
        """Return what is explained of a profile, float64 (n,), which no head of a prediction is."""
        construct, strands = self._model.construct, [constructs]
        if self._both:
            strands.append(other_strand(constructs, (len(construct.left), len(construct.right))))
        values = [explained(as_tensor(tokens)).numpy() for explained in self._explained[key] for tokens in strands]
        return np.stack(values).mean(axis=0, dtype=np.float64)


def _prediction(heads: Mapping[str, np.ndarray], head: str) -> np.ndarray:
    """Return the predictions of a head, float64 (n, T); `total` is made of the others."""
    if head in heads:
        return heads[head].astype(np.float64)
    return standard_deviations(dict(heads))["total"]


def _errors(contributions: np.ndarray, difference: np.ndarray, constructs: np.ndarray, least: float) -> np.ndarray:
    """Return how far the sum of each map is from its difference, relative to the size of the contributions, (n,)."""
    size = np.maximum(np.abs(contributions).sum(axis=1, dtype=np.float64), least)
    error = np.abs(contributions.sum(axis=1, dtype=np.float64) - difference) / size
    return np.where((constructs == N_TOKEN).any(axis=1), np.nan, error)
