# These functions say which tables and models the accuracy on a data set is read from.


def performance_tables(wildcards):
    """Return the tables of accuracy of all that a data set's study trains."""
    dataset = wildcards.dataset
    return [
        *expand_study("results/{dataset}/kmer_ridge/fraction-{fraction}/performance.tsv", dataset),
        *expand_study(f"{ENSEMBLE}/performance.tsv", dataset),
        *expand_study(f"{STUDENT}/performance.tsv", dataset),
    ]


def model_descriptions(wildcards):
    """Return the descriptions of all members and students of a data set's teachers."""
    dataset = wildcards.dataset
    members = [
        file
        for teacher in CONFIGURATION.study(dataset)["teachers"]
        for file in expand_study(
            f"{ENSEMBLE}/member-{{seed}}/model.json", dataset, teacher=teacher, seed=member_seeds(dataset, teacher)
        )
    ]
    return [
        *members,
        *expand_study(f"{STUDENT}/seed-{{seed}}/model.json", dataset, seed=student_seeds(dataset)),
    ]
