"""What teachers and students are trained on."""
