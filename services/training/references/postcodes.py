"""What a French postcode tells."""


def department_of(postcode: str) -> str:
    """Return the department of a postcode; 20… is Corsica, of which it says no half."""
    return postcode[:3] if postcode.startswith(("97", "98")) else postcode[:2]
