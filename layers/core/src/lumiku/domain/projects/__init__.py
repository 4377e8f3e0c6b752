"""Projects and the photos that are kept in them: rules."""
