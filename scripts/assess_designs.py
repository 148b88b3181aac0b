"""Find out what designed sequences do, beside what their designers promise of them."""

import logging
from typing import TYPE_CHECKING

from _job import job
from degu.data.store import read_store
from degu.design.assessment import assess_designs
from degu.design.summary import check_design_claims
from degu.evaluation.claims import count_verdicts
from degu.evaluation.summary import page
from degu.formats.files import write_text
from degu.formats.tables import write_table
from degu.shift.assessment import Populations
from degu.shift.ladder import read_ladder
from degu.shift.prediction import means_of, part_name, read_parts
from degu.shift.references import CIRCULAR, REFERENCE

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        files, params, output = snakemake.input, snakemake.params, snakemake.output
        store = read_store(files.store, only=())
        designs = [read_ladder(path, store.digest) for path in files.designs]
        parts = [part_name(design, number) for design in designs for number in range(len(design.levels))]
        known = {name: files.get(name) for name in ("members", "students")}
        predicted = {name: read_parts(path, store.digest, parts) for name, path in known.items() if path}
        references = {CIRCULAR: means_of(predicted["members"])}
        if files.reference:
            references = {REFERENCE: means_of(read_parts(files.reference[0], store.digest, parts)), **references}
        populations = Populations(store, designs, references, 0, params.seed)
        table, comparisons = assess_designs(populations, predicted, params.designs)
        claims = check_design_claims(table, comparisons)
        write_table(table, output.table)
        write_table(claims, output.claims)
        write_table(comparisons, output.comparisons)
        write_text(
            output.page,
            page(f"Designs: {params.title}", {"Claims": claims, "Designs": table, "Comparisons": comparisons}),
        )
        logging.info(count_verdicts(claims))
