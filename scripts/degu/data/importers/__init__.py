"""One importer a source: `load(files, ...)` reads the published file layout and returns `degu.data.records.Records`.

The importer named in a data set's file is the module of that name here; its options are the keyword-only arguments of
its `load`. A module may declare by constants what its files hold and what its options mean, so that a data set is
checked when a run is planned:

- `SOURCES` names the source files, and `OPTIONAL_SOURCES` those that may be absent.
- `TRACKS_NAME_FILES` is true if the option `tracks` names further source files; see `degu.config.tracks`.
- `COUNTS` is true if the records hold counts at each base, from which profiles are learned.
- `HAS_REPLICATES` is false if no target has replicates. `LABELS` tells whether the targets are labels of 0 and 1.
- `ROW_LABELS` tells which of split, chromosome and batch are read; see `degu.config.check_row_labels`.
- `TARGETS_NAME_COLUMNS` is true if the option `targets` names columns; see `degu.config.column_targets`. `COLUMNS` then
  names the options for other columns. `ROWS_NAME_COLUMNS` does so for the option `rows`; see `degu.config.column_rows`.
- `BASES` names the options that are sequences.
- `CHECKED_WHEN_PLANNED` says that files are read in seconds, so that `snakemake -n` can check all rows; see
  `degu.data.reading.check_sources`.
- `TRUTH` is true if the records tell the true mean and noise of every sequence. The module then has a function
  `truth(files, options)`, which returns the function of tokens that gives both (see `degu.data.known_truth`).
- `PLANTED` is true if they tell where motifs stand that matter, so that attribution maps and motifs are scored against
  them.
- `RANGES` and `NOT_EMPTY` are those of every plugin; see `degu.config.plugins`.
"""
