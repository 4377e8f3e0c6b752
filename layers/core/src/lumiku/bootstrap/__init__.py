"""The composition root: which adapter stands behind which use case. Built once per sandbox.

A module for each room and each app, so that a function loads only what it uses.
"""
