"""The command line `degu`: students in the hands of those who have sequences and variants."""
