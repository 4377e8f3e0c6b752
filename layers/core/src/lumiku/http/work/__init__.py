"""Jobs and groups of jobs: from an order to its results."""
