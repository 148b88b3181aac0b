"""What a training keeps of itself, and what it tells of each epoch."""

import logging

import pytest

from degu.errors import DeguError
from degu.training.checkpoint import Progress


@pytest.mark.parametrize(("loss", "val_loss"), [(float("nan"), 1.0), (float("inf"), 1.0), (1.0, float("nan"))])
def test_no_loss_may_be_other_than_finite(loss, val_loss):
    with pytest.raises(DeguError, match="loss after epoch 3"):
        Progress("test", 5).on_epoch_end(2, {"loss": loss, "val_loss": val_loss, "learning_rate": 0.1})


def test_each_epoch_is_logged_with_its_losses_and_the_time_left_at_most(caplog):
    progress = Progress("test", 4)
    progress.history = [{"seconds": 70.0}]
    progress.on_epoch_begin(1)
    with caplog.at_level(logging.INFO, logger="degu.training.checkpoint"):
        progress.on_epoch_end(1, {"loss": 0.25, "val_loss": 0.5, "learning_rate": 0.001})
    assert "test: epoch 2/4, loss 0.25, validation loss 0.5, learning rate 0.001" in caplog.text
    # Two epochs of 35 s, the mean of 70 s and of next to nothing.
    assert "at most 1:10 left" in caplog.text
