"""Analysis grids: figures read with keys, brought to levels, for a place, a sector or a job."""
