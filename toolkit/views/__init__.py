"""The pages of the Toolkit: the public tracker, and what a Party does after its action plan."""
