"""The render stage: what was answered, to text. `forms` is the table of nouns and their forms.

Comes in: values of schema. Goes out: text. It never decides anything, and reads no file.
"""
