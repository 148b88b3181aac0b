# These functions say where the files of students and of their pools are, and what they are distilled from.


def student_files(name):
    """Return an input function for a file of every student of an ensemble."""
    return lambda wildcards: model_files(STUDENT, wildcards, "seed", student_seeds(wildcards.dataset), name)


def files_of_pool(wildcards):
    """Return the files that a pool is read from or changed by."""
    pool = POOLS[wildcards.pool]
    return [*([pool["source"]["path"]] if "path" in pool["source"] else []), *files_of(pool["augmentation"])]


def pool_of_student(wildcards):
    """Return the labelled pool that a student is trained on; there is none if its recipe names none."""
    pool = student_recipe(wildcards)["pool"]
    return [f"{ENSEMBLE}/pools/{pool['name']}.h5"] if pool else []


def needs_members(wildcards):
    """Return whether the training of a student needs the members themselves, to label its batches or to begin from."""
    recipe = student_recipe(wildcards)
    return recipe["labels"] == "members" or recipe["initial_weights"] == "member"


def members_of_student(name):
    """Return an input function for a file of each member, if the training of a student needs them."""
    return lambda wildcards: member_files(name)(wildcards) if needs_members(wildcards) else []


def seeds_of_members_of_student(wildcards):
    """Return the seeds of the members, if the training of a student needs them; else a new member retrains nothing."""
    return member_seeds(wildcards.dataset, wildcards.teacher) if needs_members(wildcards) else []


def ensemble_of_student(wildcards):
    """Return the predictions of the ensemble, which tell its members, if the training of a student needs these."""
    return [f"{ENSEMBLE}/predictions.h5".format(**wildcards)] if needs_members(wildcards) else []
