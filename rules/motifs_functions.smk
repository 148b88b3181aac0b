# These functions say what the discovery of motifs depends on, and what discovered motifs are compared with.


def discovery_settings(wildcards):
    """Return the settings that patterns depend on, which leaves out how they are compared with known motifs."""
    settings = attribution_of(wildcards)["motifs"]
    return {key: value for key, value in settings.items() if key not in ("database", "significance")}


def teachers_with_motifs(dataset):
    """Return the teachers of a data set in whose maps motifs are searched."""
    return [name for name in explained_teachers(dataset) if CONFIGURATION.attribution_of(name)["motifs"]["method"]]


def motif_database(wildcards):
    """Return the file of known motifs."""
    path = Path(CONFIGURATION.attribution["motifs"]["database"])
    return path if path.is_absolute() or path.exists() else BASE / path


def scores_of_motifs(wildcards):
    """Return the table of which planted motifs were found, if motifs were planted."""
    table = at_highest_fraction(f"{STUDENT}/motifs/truth.tsv")
    return table(wildcards) if has_planted_motifs(wildcards.dataset) else []
