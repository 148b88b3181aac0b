# These functions say which models are trained in one job.


def pack_of(seed, seeds, size):
    """Return the first and the last of the seeds that are trained in one job with a seed, as a path has them."""
    first = seeds.index(seed) // size * size
    return f"{seeds[first]}-{seeds[first:first + size][-1]}"


def pack_of_member(wildcards):
    """Return the folder of the members that are trained with a member; a reference ensemble has packs of its own."""
    members = member_seeds(wildcards.dataset, wildcards.teacher)
    seed = int(wildcards.seed)
    seeds = members if seed in members else reference_seeds(wildcards.dataset)
    return f"{ENSEMBLE}/pack-{pack_of(seed, seeds, CONFIGURATION.members_per_job)}"


def pack_of_student(wildcards):
    """Return the folder of the students that are trained with a student."""
    seeds = student_seeds(wildcards.dataset)
    return f"{STUDENT}/pack-{pack_of(int(wildcards.seed), seeds, CONFIGURATION.students_per_job)}"
