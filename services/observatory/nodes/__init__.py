"""The registry of nodes: which regions there are, where, with which key and certificate."""
