"""The targets that teachers and students are trained on."""
