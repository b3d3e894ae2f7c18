"""Where a job leads: other jobs, how exposed these are, and the skills that they want."""
