"""The report for the Standing Committee: as of a day, as known at a moment, in three languages and
three formats, always the same for the same question."""
