"""Finished pictures as the files that marketplaces take."""
