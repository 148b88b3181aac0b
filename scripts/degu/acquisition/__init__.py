"""Active learning, simulated: models choose which sequences of a data set are labelled next."""
