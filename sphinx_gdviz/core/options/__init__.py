"""Option text to an Experiment, for every host."""
