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


def members_of_student(name):
    """Return an input function for a file of each member that labels the batches of a student or that it begins from."""

    def files(wildcards):
        recipe = student_recipe(wildcards)
        if recipe["labels"] != "members" and recipe["initial_weights"] != "member":
            return []
        return member_files(name)(wildcards)[: recipe["ensemble_size"]]

    return files
