"""One search over everything public and, for whoever has signed in, over what they may read.

`terms` reads what was typed, `sources` lists what is searched, `found` shows what was found.
"""
