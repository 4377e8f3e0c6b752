"""Photo operations: arrays in, arrays out. Knows nothing of jobs, money or clouds."""
