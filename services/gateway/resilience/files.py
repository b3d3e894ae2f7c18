"""How many connections the process may have open: each is a file, and running out stops all."""

import resource


def raised() -> int:
    """Raise our limit of open files as far as we may without asking; give it."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard
