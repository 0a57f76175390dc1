// Timelines.
