"""The history of the device file's tables; one linear line of revisions, held equal to the models by a test."""
