"""The composition root: which adapter stands behind which use case. Built once per sandbox.

A module for each part, so that a function loads only what it uses.
"""
