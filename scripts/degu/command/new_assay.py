"""`degu new-assay`: the file of a data set for a table that nobody has described yet."""

import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from degu.errors import DeguError

if TYPE_CHECKING:
    from degu.data.store import SequenceStore
    from degu.data.table_findings import Findings
    from degu.data.table_roles import Roles, Wishes

# The folder of this clone, if the library is not installed elsewhere.
_CLONE = Path(__file__).parents[3]
_FOLDER = Path("config/datasets")
# The seed of the default configuration, which divides the rows.
_SEED = 1
_WIDTH = 110


class NewAssay(NamedTuple):
    """A data set that was written.

    Attributes
    ----------
    path
        Its file.
    text
        What was found, and what to run next.
    """

    path: Path
    text: str


def new_assay(table: Path, wishes: "Wishes", *, name: str = "", output: Path | None = None) -> NewAssay:
    """Look at a table of an assay, and write the file of a data set that the pipeline accepts.

    Before the file is written, its content is checked as a run checks it, and all rows are read, grouped and divided
    into splits as the import does.

    Parameters
    ----------
    table
        A table of text, an Excel workbook or parquet.
    wishes
        What a person says of its columns.
    name
        The name of the data set; that of the file or of the table if it is empty.
    output
        The file to write; by default `config/datasets/NAME.yaml`.

    Raises
    ------
    DeguError
        If the file is there already or has another name, or the pipeline would refuse the table.
    """
    # The command line is shown at once, without what reading tables needs.
    from degu.config.column_targets import columns_of_numbers
    from degu.config.dataset_file import check_dataset_text, dataset_lines
    from degu.data.build import build_store
    from degu.data.new_dataset import dataset_settings
    from degu.data.reading import without_warnings
    from degu.data.table_columns import describe_columns
    from degu.data.table_findings import find_oddities
    from degu.data.table_roles import find_roles
    from degu.formats.cells import numeric
    from degu.formats.files import write_text
    from degu.formats.source_tables import read_table

    name = name or (output.stem if output else _name_of(table))
    output = output or _FOLDER / f"{name}.yaml"
    if output.stem != name:
        raise DeguError(
            f"the file is called '{output.stem}', and the data set '{name}'",
            where=output,
            expected="one name, since a data set is found by the name of its file",
            remedy="leave out --name",
        )
    if output.exists():
        raise DeguError(
            "there is such a file already, and it is not overwritten",
            where=output,
            remedy="choose another --name, or remove the file",
        )
    frame = read_table(table)
    columns = describe_columns(frame)
    roles = find_roles(columns, wishes, where=table)
    # Text among the numbers of a target is told with its row.
    numeric(frame, [column for column, _ in columns_of_numbers(roles.targets)], where=table)
    findings = find_oddities(frame, columns, roles)
    settings, comments = dataset_settings(table, name, columns, roles, findings)
    text = "\n".join([f"# `degu new-assay` wrote this file for {table}.", *dataset_lines(settings, comments), ""])
    checked = check_dataset_text(text, name, _folders(), where=output)
    with without_warnings():
        store = build_store(checked, {"table": table}, _SEED, where=name)
    write_text(output, text)
    return NewAssay(output, _report(table, output, roles, findings, store))


def _name_of(table: Path) -> str:
    """Return the name of a table without what cannot be part of the name of a data set."""
    stem = table.name.partition(".")[0]
    return "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in stem)


def _folders() -> list[Path]:
    """Return the folders of configurations: that of the working directory, and that of this clone."""
    folders = [folder for folder in (Path("config"), _CLONE / "config") if (folder / "schemas").is_dir()]
    if not folders:
        raise DeguError(
            "there is no folder config/ with the pipeline's configuration here",
            where=Path.cwd(),
            remedy="run this command in a clone of the pipeline",
        )
    return folders


def _report(table: Path, output: Path, roles: "Roles", findings: "Findings", store: "SequenceStore") -> str:
    """Return what was found, and what to run next."""
    from degu.data.build import LEAKED
    from degu.data.new_dataset import groups_in_words, length_in_words
    from degu.data.splits import SPLITS
    from degu.errors import name_rows

    targets = [("target:", f"{target}, {_columns_in_words(own)}") for target, own in roles.targets.items()]
    sizes = ", ".join(f"{name} {len(store.rows(name)):,}" for name in SPLITS)
    facts = [
        ("sequence:", f"column '{roles.sequence}', {length_in_words(findings)}"),
        *targets,
        ("names:", f"column '{roles.name}'" if roles.name else "none, so that rows are named by their numbers"),
        (
            "relatives:",
            f"column '{roles.group}', {groups_in_words(findings)}" if roles.group else "no column names them",
        ),
        ("splits:", f"column '{roles.split}', {sizes}" if roles.split else f"at random, {sizes}"),
    ]
    bad = [f"Left out for {reason}: {name_rows(rows)}." for reason, rows in findings.bad.items()]
    notes = [*bad, *_notes_on_sequences(findings), *findings.odd, *roles.notes]
    if dropped := store.attributes["dropped"].get(LEAKED):
        notes.insert(0, f"{dropped:,} rows have a relative in a later split of the table, and are left out.")
    return "\n".join(
        [
            f"{table}: {findings.rows:,} rows",
            *(_wrapped(f"  {label:<10} ", fact) for label, fact in facts),
            *(["Please look at this:", *(_wrapped("  - ", note) for note in notes)] if notes else []),
            f"Written: {output}",
            *_next(output),
        ]
    )


def _wrapped(beginning: str, text: str) -> str:
    """Return a text in lines as long as a terminal is wide, which are indented as its beginning is."""
    indent = " " * len(beginning)
    return textwrap.fill(
        text, _WIDTH, initial_indent=beginning, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def _notes_on_sequences(findings: "Findings") -> list[str]:
    """Return sentences on constant ends, and on sequences that stand in several rows."""
    from degu.data.new_dataset import flanks_in_words

    notes = [flanks_in_words(findings)] if any(findings.flanks) else []
    for number, what in (
        (findings.duplicates, "the sequence of another row"),
        (findings.reverse_complements, "the reverse complement of another row's sequence"),
    ):
        if number:
            notes.append(f"{number:,} rows have {what}. Such rows share a split.")
    return notes


def _columns_in_words(own: Mapping[str, object]) -> str:
    """Return the columns of a target as text."""
    replicates = own.get("replicates")
    if isinstance(replicates, Sequence) and not isinstance(replicates, str):
        listed = f"{len(replicates)} replicates: {', '.join(map(str, replicates))}"
        return f"column '{own['mean']}' and {listed}" if "mean" in own else f"mean of {listed}"
    return f"column '{own['mean']}'"


def _next(output: Path) -> list[str]:
    """Return what to run next."""
    if output.parent.resolve() != _FOLDER.resolve():
        return [f"The pipeline looks for data sets in {_FOLDER}/: put the file there to run it."]
    run = f"snakemake --configfile config/own_assay.yaml --config 'datasets=[{output.stem}]'"
    return ["Next: read the file, name the units, and see what would be run, then run it:", f"  {run} -n", f"  {run}"]


@click.command("new-assay")
@click.argument("table", type=click.Path(path_type=Path))
@click.option("--name", default="", help="Name of the data set; by default that of TABLE.")
@click.option("--sequence", default="", help="Column of the sequence.")
@click.option(
    "--target", multiple=True, help="Column of a measurement, or name of one with --replicates; several times."
)
@click.option(
    "--replicates", multiple=True, help="Columns of the replicates of a target, with commas between; once a target."
)
@click.option("--group", default="", help="Column whose values are shared by relatives, which must share a split.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write, in place of config/datasets/.")
def command(
    table: Path,
    name: str,
    sequence: str,
    target: tuple[str, ...],
    replicates: tuple[str, ...],
    group: str,
    output: Path | None,
) -> None:
    """Look at TABLE, a table of your own assay, and write the file of a data set for it.

    TABLE is TSV, CSV, Excel or Parquet, compressed or not, with one row a sequence. What each column is follows from
    its name and its cells, unless an option says it. All that was found is printed, with what is odd about the table
    and what to run next. A file that is there already is never overwritten.
    """
    from degu.data.table_roles import Wishes

    lists = tuple(tuple(column.strip() for column in names.split(",") if column.strip()) for names in replicates)
    try:
        written = new_assay(table, Wishes(sequence, group, target, lists), name=name, output=output)
    except DeguError as error:
        raise click.ClickException(str(error)) from error
    click.echo(written.text)
