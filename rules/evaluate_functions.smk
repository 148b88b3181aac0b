# These functions say which tables and models the accuracy on a data set is read from.


def performance_tables(wildcards):
    """Return the tables of accuracy of all that a data set's study trains."""
    dataset = wildcards.dataset
    return [
        *expand_study("results/{dataset}/kmer_ridge/fraction-{fraction}/performance.tsv", dataset),
        *expand_study(f"{ENSEMBLE}/performance.tsv", dataset),
        *expand_study(f"{STUDENT}/performance.tsv", dataset),
    ]


def described_models(dataset, teachers, **chosen):
    """Return the descriptions of the members and students of teachers; `chosen` gives other values of wildcards.

    Members that several of these teachers share are described once.
    """
    students = f"{STUDENT}/seed-{{seed}}/model.json"
    files = []
    for teacher in teachers:
        trained = trained_as(dataset, teacher)
        if trained == teacher or trained not in teachers:
            members = f"{ENSEMBLE}/member-{{seed}}/{named_for(teacher, 'model.json')}"
            wildcards = {"teacher": trained, "seed": member_seeds(dataset, teacher), **chosen}
            files += expand_study(members, dataset, **wildcards)
    return files + expand_study(students, dataset, teacher=teachers, seed=student_seeds(dataset), **chosen)


def model_descriptions(wildcards):
    """Return the descriptions of all members and students of a data set's teachers."""
    return described_models(wildcards.dataset, CONFIGURATION.study(wildcards.dataset)["teachers"])


def pool_sizes(dataset):
    """Return the pool and its number of sequences of each student that names both, and of those that name no pool."""
    names = {name: parse_student_name(name) for name in CONFIGURATION.study(dataset)["students"]}
    sizes = {
        name: (parts.pool, parts.size or 0) for name, parts in names.items() if parts.size or parts.pool == NO_POOL
    }
    return sizes if any(size for _, size in sizes.values()) else {}


def tables_of_pool_sizes(wildcards):
    """Return the tables of accuracy of the students of `pool_sizes`."""
    chosen = {"fraction": highest_fraction(wildcards.dataset), "student": list(pool_sizes(wildcards.dataset))}
    return expand_study(f"{STUDENT}/performance.tsv", wildcards.dataset, teacher=wildcards.teacher, **chosen)


def tables_of_students(wildcards):
    """Return the tables of accuracy of a teacher and its students at the highest training fraction."""
    chosen = {"fraction": highest_fraction(wildcards.dataset), "teacher": wildcards.teacher}
    return [
        *expand_study(f"{ENSEMBLE}/performance.tsv", wildcards.dataset, **chosen),
        *expand_study(f"{STUDENT}/performance.tsv", wildcards.dataset, **chosen),
    ]


def descriptions_of_students(wildcards):
    """Return the descriptions of a teacher's members and of its students at the highest training fraction."""
    dataset = wildcards.dataset
    return described_models(dataset, [wildcards.teacher], fraction=highest_fraction(dataset))
