"""Where a company stands among its peers, from frozen snapshots that isolate nobody."""
