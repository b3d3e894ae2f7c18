"""The platform as people run it: real processes, real sockets, real faults."""
