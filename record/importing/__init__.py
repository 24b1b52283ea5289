"""Activities from lists: read, judged row by row, asked about, taken over after an editor's yes.

Nothing is dropped in silence and nothing guessed in silence. The desk (`record/admin/importing.py`)
and the command (`import_activities`) are two doors to the same reader and the same writer:

    files      bytes → rows of cells under known headings
    splitting  a cell → the activities in it
    dates      "(2016-2017)" → when
    places     any spelling → Parties and places, or a question
    positions  does it lie where the row says, elsewhere, in the sea?
    judging    a row → a verdict with its reasons, or one question
    reading    a file → an import with all its rows judged
    answering  an answer → the rows that waited for it are judged again
    carrying   good rows → drafts; drafts → published, through their table
"""
