"""One module a source of sequences without measurements: `draw(training, flanks, rng, ...)` returns their tokens.

The source named in a file of `config/pools/` is the module of that name here; its options are the keyword-only
arguments of its `draw`. A module that defines `FROM_TRAINING = True` returns changes of the sequences it is given, so
that those of the validation split give the validation sequences of the pool. A tenth of what the others return is held
out for validation. With `NUMBER` one of these names the option that is the number of its sequences, so that a student
that asks for more is refused when a run is planned.
"""
