# These functions say which strategies of active learning are run, on what, and where their tables are.
ACTIVE_LEARNING = CONFIGURATION.active_learning
STRATEGIES = ACTIVE_LEARNING["strategies"]
# Active learning is simulated with the training split of these data sets.
ACTIVE_DATASETS = [
    dataset for dataset in MEASURED_DATASETS if STRATEGIES and CONFIGURATION.study(dataset)["active_learning"]
]
if workflow.is_main_process:
    for dataset in ACTIVE_DATASETS:
        if not CONFIGURATION.study(dataset)["students"]:
            logger.info(f"{dataset} has no students, so that active learning is left out")
LEARNED_TABLES = {name: f"{name}.tsv" for name in ("scores", "costs", "labelled")}
SUMMARIES_OF_LEARNING = ("curves", "comparison", "claims", "costs")


# Models of the first round, which all strategies begin with, and what they depend on.
FIRST_ROUND = f"results/{PER_LEARNER}/first-round/seed-{{seed}}"
FIRST_PLAN = {key: ACTIVE_LEARNING[key] for key in ("rounds", "initial", "batch", "validation")}


def plan_of_learning(wildcards):
    """Return how many sequences are labelled when, and who chooses them."""
    chosen = STRATEGIES[wildcards.strategy]
    options = {key: value for key, value in chosen.items() if key != "method"}
    return {**FIRST_PLAN, "strategy": chosen["method"], "options": options}


def strategy_plugin(wildcards):
    """Return the plugin of a strategy, for `code_of`."""
    return "acquisition strategy", STRATEGIES[wildcards.strategy]["method"]


def tables_of_learning(name):
    """Return an input function for a table of every strategy and every seed of a student."""
    seeds = range(1, ACTIVE_LEARNING["seeds"] + 1)
    pattern = f"results/{PER_LEARNER}/{{strategy}}/seed-{{seed}}/{LEARNED_TABLES[name]}"
    return lambda wildcards: expand(pattern, **wildcards, strategy=STRATEGIES, seed=seeds)


def plugins_of_learning(wildcards):
    """Return the plugins that trainings load, for `code_of`."""
    student = student_recipe(wildcards)
    pool = pool_plugins(student["pool"]) if student["pool"] else []
    return [*recipe_plugins(training_recipe(wildcards)), *recipe_plugins(student), *pool]


def files_of_learning(wildcards):
    """Return the files that the augmentations and the pool of the recipes of a student and its teacher are read from."""
    student = student_recipe(wildcards)
    augmentations = [training_recipe(wildcards)["augmentation"], student["augmentation"]]
    files = [path for augmentation in augmentations for path in files_of(augmentation)]
    return list(dict.fromkeys(files + (files_read_for(student["pool"]) if student["pool"] else [])))
