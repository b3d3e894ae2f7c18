"""What a problem tells a caller holds at the door, where services have another address."""

from deploy.problem_guide import problem_types


def test_no_problem_names_an_address_that_only_a_service_knows() -> None:
    for kind in problem_types():
        for text in (kind.title, kind.detail):
            assert text is None or "/v1/" not in text.fr + text.en, kind
