# This function says where the files of students are.


def student_files(name):
    """Return an input function for a file of every student of an ensemble."""
    return lambda wildcards: model_files(STUDENT, wildcards, "seed", student_seeds(wildcards.dataset), name)
