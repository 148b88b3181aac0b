"""What is learned in a round: the members of an ensemble, and the student that is distilled from them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from degu.data.store import SequenceStore
from degu.data.training_rows import TrainingRows, training_rows
from degu.distillation.differences import features_of, hidden_tensor
from degu.distillation.inheritance import inheritance_of
from degu.distillation.training_data import member_data
from degu.errors import REMAKE, DeguError
from degu.library.distillation import Teachers, training_data
from degu.outputs.heads import standard_deviations
from degu.outputs.outputs import Outputs
from degu.package.construct import Construct
from degu.prediction.ensemble import Predictions
from degu.prediction.predictor import Predictor, mean_of, predict_members, predict_store
from degu.training.job import TrainingJob, train_and_save

STUDENT = 1


@dataclass(frozen=True)
class Learner:
    """How members and a student are trained.

    Attributes
    ----------
    teacher, student
        Resolved recipes of the members and of the student.
    members
        Number of members.
    seed
        Seed of all models.
    code
        Digest of the code that is run.
    labels
        `dataset`, `teacher` and `student`, for the descriptions of models.
    device, threads
        Device of the job and its threads, for the descriptions of models.
    """

    teacher: Mapping
    student: Mapping
    members: int
    seed: int
    code: str
    labels: Mapping[str, str]
    device: str
    threads: int

    def train(self, store: SequenceStore, folder: Path, checkpoints: Path | None = None) -> "Learned":
        """Train members on the training split of a data set, and distil a student from them.

        Parameters
        ----------
        store
            The data set.
        folder
            Where models are put.
        checkpoints
            Where the checkpoints of trainings are, by which one that was cut off goes on; None stands for `folder`.

        Raises
        ------
        DeguError
            If the data set lacks what the recipes ask for, or a loss is not finite.
        """
        checkpoints = checkpoints or folder
        resampling = None
        if self.teacher["resampling"] != "none":
            resampling = {"members": self.members, "method": self.teacher["resampling"], "seed": self.seed}
        rows = training_rows(store, 1.0, self.seed, resampling)
        data = member_data(store, rows, self.teacher, self._numbers)
        self._train(self._job(store, rows, self.teacher, "member", data=data), checkpoints, folder)
        members, size = self._files("member", folder), self.student["ensemble_size"]
        known = predict_store(members, self._numbers, store).first(size)
        # What members are given is drawn, and students are given all of it.
        rows = replace(rows, counts=None)
        teachers = Teachers(members[:size], known.heads, Construct.of_store(store, self.teacher["strands"]), named=True)
        distilled = training_data(teachers, store, rows, known, self.student, [STUDENT], seed=self.seed)
        inheritance = inheritance_of(self.student, members[:size], [STUDENT])
        job = self._job(store, rows, self.student, "student", data=distilled, inheritance=inheritance)
        self._train(job, checkpoints, folder)
        return self.read(store, folder)

    def read(self, store: SequenceStore, folder: Path) -> "Learned":
        """Return the models that `train` has put into a folder, with what they predict for the same data set.

        Raises
        ------
        DeguError
            If they were trained on another one.
        """
        members, (student,) = self._files("member", folder), self._files("student", folder)
        if Predictor(student).description["data_digest"] != store.digest:
            raise DeguError("the models were trained on other sequences or labels", where=folder, remedy=REMAKE)
        ensemble = predict_store(members, self._numbers, store)
        return Learned(members, student, ensemble, predict_store([student], [STUDENT], store))

    @property
    def _numbers(self) -> list[int]:
        return list(range(1, self.members + 1))

    def _files(self, stage: str, folder: Path) -> list[Path]:
        numbers = self._numbers if stage == "member" else [STUDENT]
        return [folder / f"{stage}-{number}" / "model.keras" for number in numbers]

    def _train(self, job: TrainingJob, checkpoints: Path, folder: Path) -> None:
        own, kept = ({number: root / f"{job.stage}-{number}" for number in job.data} for root in (folder, checkpoints))
        train_and_save(job, kept, own, device=self.device, threads=self.threads)

    def _job(self, store: SequenceStore, rows: TrainingRows, recipe: Mapping, stage: str, **given: Any) -> TrainingJob:
        named = {**self.labels, "student": self.labels["student"] if stage == "student" else None, "fraction": 1.0}
        return TrainingJob(
            recipe=recipe,
            stage=stage,
            seed=self.seed,
            code=self.code,
            outputs=Outputs.of_recipe(recipe, store.targets[rows.subset], store.target_names),
            label=f"{len(rows.subset):,} labels, {stage}",
            labels=named,
            data_digest=store.digest,
            flanks=store.attributes["flanks"],
            **given,
        )


@dataclass(frozen=True)
class Learned:
    """Models that are trained in a round.

    Attributes
    ----------
    members, student
        Their files.
    ensemble, students
        What they predict for the data set of the round.
    """

    members: list[Path]
    student: Path
    ensemble: Predictions
    students: Predictions

    @cached_property
    def predictor(self) -> Predictor:
        """The student."""
        return Predictor(self.student)

    def student_std(self, tokens: np.ndarray) -> dict[str, np.ndarray]:
        """Return the standard deviations that the student predicts, float64 (n, T), by kind."""
        return standard_deviations(self.predictor.predict(tokens))

    def member_means(self, tokens: np.ndarray) -> np.ndarray:
        """Return the means that the members predict, float64 (M, n, T)."""
        predicted = predict_members(self.members, range(1, len(self.members) + 1), {"candidates": tokens})
        return predicted.heads.select(predicted.values["candidates"], "mean").astype(np.float64)

    def features(self, tokens: np.ndarray) -> np.ndarray:
        """Return the last hidden layer of the student, float32 (n, F): of one strand, or the mean of both."""
        function = features_of(self.predictor.model, hidden_tensor)
        return mean_of([function(strand) for strand in self.predictor.strands_of(tokens)])
