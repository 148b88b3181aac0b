"""A Slurm for the tests of this folder."""

from collections.abc import Iterator

import pytest

from tests.debian_packages import install
from tests.slurm.cluster import PACKAGES, Cluster, obstacle


@pytest.fixture(scope="session", autouse=True)
def slurm() -> None:
    """Install Slurm, or say why not."""
    if reason := obstacle():
        pytest.skip(reason)
    install(PACKAGES)


@pytest.fixture(scope="session")
def cluster(slurm) -> Iterator[Cluster]:
    """Return a cluster that runs until the tests have ended."""
    with Cluster() as cluster:
        yield cluster
