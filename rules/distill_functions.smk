# These functions say where the files of students and of their pools are, and what they are distilled from.


def student_files(name):
    """Return an input function for a file of every student of an ensemble."""
    return lambda wildcards: model_files(STUDENT, wildcards, "seed", student_seeds(wildcards.dataset), name)


def files_read_for(pool):
    """Return the files that a pool is read from or changed by, from its settings."""
    return [*([pool["source"]["path"]] if "path" in pool["source"] else []), *files_of(pool["augmentation"])]


def files_of_pool(wildcards):
    """Return the files that the pool of a job is read from or changed by."""
    return files_read_for(POOLS[wildcards.pool])


def contents_of_pool(wildcards):
    """Return a digest of each file of a pool, so that another content labels it anew, whatever date the file has."""
    return [digest_of_file(path) for path in files_of_pool(wildcards) if Path(path).is_file()]


@cache
def digest_of_file(path):
    """Return the digest of a file, which is read once, though many ensembles may label a pool that holds a genome."""
    return content_digest(path)


def check_files_of_pools():
    """Stop if a pool of this run is read from a file that does not exist, unless it was labelled so before."""
    for name, pool in POOLS.items():
        path = pool["source"].get("path")
        if path and not Path(path).is_file() and not was_labelled(name):
            raise missing_file(path, f"{CONFIGURATION.files.path_of('pools', name)}: source.path", "pool")


def was_labelled(name):
    """Return whether all ensembles of this run have labelled a pool, with the settings that it has now."""
    # Without the file no job could label it anew, and Snakemake would take the pool of the old settings.
    pool = json.loads(json.dumps(POOLS[name]))
    files = labelled_pools(f"{ENSEMBLE}/pools/{name}.h5", name)
    logs = labelled_pools(log_of("label_pool", PER_ENSEMBLE, name), name)
    return all(recorded(file, log, "pool") == pool for file, log in zip(files, logs))


def labelled_pools(pattern, name):
    """Fill a path pattern with the ensembles that label a pool, since students of this run are trained on it."""
    return [
        path
        for dataset in DATASETS
        for teacher in CONFIGURATION.study(dataset)["teachers"]
        if any(
            (CONFIGURATION.student(teacher, student)["pool"] or {}).get("name") == name
            for student in CONFIGURATION.study(dataset)["students"]
        )
        for path in expand_study(pattern, dataset, teacher=teacher)
    ]


def pool_of_student(wildcards):
    """Return the labelled pool that a student is trained on; there is none if its recipe names none."""
    pool = student_recipe(wildcards)["pool"]
    return [f"{ENSEMBLE}/pools/{pool['name']}.h5"] if pool else []


def needs_members(wildcards):
    """Return whether a student's training needs the members: to label its batches, or for weights that it inherits."""
    recipe = student_recipe(wildcards)
    inherits = recipe["initial_weights"] == "member" or recipe["kmer_ridge_weight"] > 0
    return recipe["labels"] == "members" or inherits


def members_of_student(name):
    """Return an input function for a file of each member, if the training of a student needs them."""
    return lambda wildcards: member_files(name)(wildcards) if needs_members(wildcards) else []


def seeds_of_members_of_student(wildcards):
    """Return the seeds of the members, if the training of a student needs them; else a new member retrains nothing."""
    return member_seeds(wildcards.dataset, wildcards.teacher) if needs_members(wildcards) else []


def ensemble_of_student(wildcards):
    """Return the predictions of the ensemble, which tell its members, if the training of a student needs these."""
    return [f"{ENSEMBLE}/predictions.h5".format(**wildcards)] if needs_members(wildcards) else []
