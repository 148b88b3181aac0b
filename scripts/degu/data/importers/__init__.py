"""One importer a source: `load(files, ...)` reads the published file layout and returns `degu.data.records.Records`.

The importer named in a data set's file is the module of that name here; its options are the keyword-only
arguments of its `load`.
"""
