"""The files of a configuration: they are found, read with their overrides, and completed with the schemas' defaults."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from degu.config.merging import merge
from degu.config.paths import find_file
from degu.config.schemas import check_spelling, complete, read_yaml
from degu.errors import DeguError

CONFIGURATION = "configuration"


class ConfiguredFiles:
    """The files in some folders of a configuration.

    Parameters
    ----------
    folders
        The folders in which `datasets/`, `teachers/` and the other kinds of files, and `schemas/`, are searched, in
        this order.

    Attributes
    ----------
    overrides
        What is laid over files, by the kind and the name of each.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = [Path(folder) for folder in folders]
        self._schemas: dict[str, dict] = {}
        self.overrides: Mapping[str, Mapping] = {}

    def path_of(self, kind: str, name: str, *, named: str = CONFIGURATION) -> Path:
        """Return the path of a file of the configuration, such as that of one of `pools`.

        Parameters
        ----------
        kind, name
            The folder and the name of the file.
        named
            The place that names it, for error messages.

        Raises
        ------
        DeguError
            If there is no such file. The message names the one with the most similar name.
        """
        check_spelling(name, where=named)
        return find_file(self._folders, kind, name, named)

    @contextmanager
    def read(self, kind: str, name: str, named: str) -> Iterator[tuple[dict, str]]:
        """Yield the content of a file, such as one of `teachers`, with its overrides, and the path of the file."""
        path = self.path_of(kind, name, named=named)
        with self.naming_overrides(kind, name, str(path)):
            yield merge(read_yaml(path), self.overrides_of(kind, name)), str(path)

    def overrides_of(self, kind: str, name: str) -> Mapping:
        """Return what is laid over a file."""
        overrides: Mapping = self.overrides.get(kind, {}).get(name, {})
        return overrides

    @contextmanager
    def naming_overrides(self, kind: str, name: str, where: str) -> Iterator[None]:
        """Let an error in a file tell of its overrides, because what is wrong may stand in them."""
        try:
            yield
        except DeguError as error:
            if not self.overrides_of(kind, name) or not str(error).startswith(where):
                raise
            note = f"  note:     `overrides.{kind}.{name}` of the configuration is laid over this file"
            raise DeguError(f"{error}\n{note}") from error

    def check_overrides(self) -> None:
        """Refuse overrides of files that do not exist, and wrong keys and values, also of files that are not in use."""
        for kind, entries in self.overrides.items():
            # A baseline has some of the keys of a teacher.
            schema = self._schema("teacher" if kind == "baselines" else kind.removesuffix("s"))
            for name in entries:
                with self.read(kind, name, f"{CONFIGURATION}: overrides.{kind}") as (settings, where):
                    complete(settings, {**schema, "required": []}, where=where)

    def complete(self, values: dict, schema: str, *, where: str) -> dict:
        """Return values with the defaults of a schema, which they are checked against."""
        return complete(values, self._schema(schema), where=where)

    def _schema(self, name: str) -> dict:
        if name not in self._schemas:
            paths = (folder / "schemas" / f"{name}.schema.yaml" for folder in self._folders)
            self._schemas[name] = read_yaml(next(path for path in paths if path.is_file()))
        return self._schemas[name]
