"""Demonstration: accounts for every role, and requests in every state, made by the workflow."""
