"""What a person wants of attribution maps."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from degu.errors import DeguError, did_you_mean
from degu.outputs.heads import PROFILE

if TYPE_CHECKING:
    from degu.package.folder import ModelFolder

METHODS = ("deep_shap", "integrated_gradients", "expected_gradients", "in_silico_mutagenesis", "saliency")
# Those that compare with no backgrounds.
ALONE = ("in_silico_mutagenesis", "saliency")
# Heads that are explained if the student has them and a person names none.
HEADS = ("mean", "aleatoric", "epistemic")


@dataclass(frozen=True)
class Wishes:
    """What a person wants of maps.

    Attributes
    ----------
    heads, targets
        What is explained; all targets, and those of `HEADS` that the student has, if they are empty.
    method
        Module of `degu.attribution.methods`, one of `METHODS`.
    backgrounds, seed
        Number of shuffles that each sequence is compared with, and their seed; methods of `ALONE` use none.
    flanks
        Whether the flanks of the assay are shuffled and explained, too. Else they are the same in all backgrounds.
    both_strands
        Whether the average is taken with the reverse complement of each insert.
    centre
        Number of bases in the middle that are shown; all with None, or where there are no more.
    """

    heads: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    method: str = "deep_shap"
    backgrounds: int = 20
    seed: int = 1
    flanks: bool = False
    both_strands: bool = False
    centre: int | None = None


def keys_of(model: "ModelFolder", wishes: Wishes) -> list[tuple[str, str]]:
    """Return the target and the head of each map that is wanted.

    Raises
    ------
    DeguError
        If the student has no such head or target.
    """
    plain = model.described.of_one_value().heads
    predicted = [*plain, "total"] if set(plain) & set(HEADS[1:]) else list(plain)
    predicted += [PROFILE] if PROFILE in model.heads else []
    heads = wishes.heads or tuple(head for head in HEADS if head in predicted)
    for kind, wanted, known in (("head", heads, predicted), ("target", wishes.targets, model.targets)):
        unknown = [name for name in wanted if name not in known]
        if unknown:
            what = "has no" if unknown[0] not in model.heads else "has one value for each position or bin in the"
            raise DeguError(f"the student {what} {kind} '{unknown[0]}'", expected=did_you_mean(unknown[0], known))
    targets = [target for target in model.targets if target in wishes.targets or not wishes.targets]
    return [(target, head) for target in targets for head in dict.fromkeys(heads)]
