"""Counting requests of a minute: exact, forgotten in time, bounded; and whose they are."""

import string
from collections.abc import Sequence
from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway import plans
from gateway.limits.addresses import Addresses
from gateway.limits.windows import Demand, Windows
from gateway.plans import WINDOW_SECONDS, AddressRates, Rates, Rule
from gateway.settings import Settings
from platformkit.classes import CLASSES

FIVE = Rule("client-read", 5, WINDOW_SECONDS)
THREE = Rule("key-read", 3, WINDOW_SECONDS)
ADDRESS = Rule("address-read", 5, WINDOW_SECONDS, of_strangers=True)


def passed(windows: Windows, demands: Sequence[Demand], now: float, times: int) -> int:
    return sum(windows.take(demands, now).passed for _ in range(times))


def test_a_window_begins_with_its_first_request_and_is_whole_again_when_it_is_over() -> None:
    windows = Windows()
    assert passed(windows, [(b"a", FIVE)], 100.0, 4) == 4
    assert windows.take([(b"a", FIVE)], 130.0) == (FIVE, 0, 30.0, True)
    assert windows.take([(b"a", FIVE)], 159.9).passed is False
    assert passed(windows, [(b"a", FIVE)], 160.0, 9) == 5


def test_what_one_rule_refuses_is_counted_by_none() -> None:
    windows = Windows()
    both = [(b"client", FIVE), (b"key", THREE)]
    assert passed(windows, both, 0.0, 50) == 3
    refusal = windows.take(both, 1.0)
    assert (refusal.rule, refusal.left, refusal.passed) == (THREE, 0, False)
    assert passed(windows, [(b"client", FIVE)], 2.0, 50) == 2, "47 refusals took nothing"


def test_the_rule_that_binds_first_is_told() -> None:
    windows = Windows()
    windows.take([(b"client", FIVE)], 0.0)
    windows.take([(b"client", FIVE)], 0.0)
    windows.take([(b"client", FIVE)], 0.0)
    both = [(b"client", FIVE), (b"key", THREE)]
    assert windows.take(both, 1.0) == (FIVE, 1, 59.0, True)
    assert windows.take([(b"other", FIVE), (b"key", THREE)], 2.0) == (THREE, 1, 59.0, True)


def test_a_flood_of_addresses_takes_bounded_memory_and_pushes_no_client_out() -> None:
    windows = Windows(most=100)
    assert passed(windows, [(b"client", FIVE)], 0.0, 5) == 5
    for number in range(5_000):
        assert windows.take([(b"%d" % number, ADDRESS)], 1.0).passed
    assert len(windows) == 101
    assert not windows.take([(b"client", FIVE)], 2.0).passed
    assert passed(windows, [(b"4999", ADDRESS)], 2.0, 9) == 4, "the latest are remembered"
    windows.take([(b"new", ADDRESS)], 70.0)
    assert len(windows) == 2, "what is over is forgotten"


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 40)), max_size=60))
def test_never_more_pass_in_a_window_than_the_rule_says(steps: list[tuple[str, float]]) -> None:
    windows, now = Windows(), 0.0
    began: dict[str, float] = {}
    counted: dict[str, int] = {}
    for who, seconds in steps:
        now += seconds
        if who not in began or now >= began[who] + WINDOW_SECONDS:
            began[who], counted[who] = now, 0
        standing = windows.take([(who.encode(), THREE)], now)
        assert standing.passed == (counted[who] < 3)
        counted[who] += standing.passed


HOST = [(b"host", b"x")]
KEY = bytes(32)


def key(addresses: Addresses, peer: str, *forwarded: str) -> bytes:
    told = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    return addresses.key(peer, [*HOST, *told], b"read")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("fe80::1%eth0", "fe80::1%eth1", True),
        ("", "not an address", True),
        ("", "0.0.0.0", False),
    ],
)
def test_an_address_of_ipv6_is_its_first_64_bits(one: str, other: str, *, same: bool) -> None:
    addresses = Addresses(KEY)
    assert (key(addresses, one) == key(addresses, other)) is same


def test_an_address_is_kept_as_a_keyed_hash_that_differs_by_kind() -> None:
    ours, theirs = Addresses(KEY), Addresses(bytes(31) + b"1")
    assert key(ours, "192.0.2.1") != key(theirs, "192.0.2.1")
    assert ours.key("192.0.2.1", HOST, b"read") != ours.key("192.0.2.1", HOST, b"bulk")


@pytest.mark.parametrize(
    ("peer", "forwarded", "caller"),
    [
        ("192.0.2.1", ["203.0.113.9"], "192.0.2.1"),
        ("10.0.0.1", ["203.0.113.9"], "203.0.113.9"),
        ("10.0.0.1", ["198.51.100.1, 203.0.113.9"], "203.0.113.9"),
        ("10.0.0.1", ["198.51.100.1", "203.0.113.9"], "203.0.113.9"),
        ("10.0.0.1", ["198.51.100.1, 203.0.113.9, 10.0.0.7"], "203.0.113.9"),
        ("10.0.0.1", ["203.0.113.9,  10.0.0.2 ,10.0.0.7"], "203.0.113.9"),
        ("10.0.0.1", ["unknown, 10.0.0.7"], "10.0.0.7"),
        ("10.0.0.1", ["evil"], "10.0.0.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("2001:db8:aaaa::1", ["2001:db8:bbbb::9"], "2001:db8:bbbb::"),
        ("::ffff:10.0.0.1", ["203.0.113.9"], "203.0.113.9"),
        ("10.0.0.1", [", ".join(["10.0.0.2"] * 3_000)], "10.0.0.2"),
    ],
)
def test_only_our_own_proxies_say_for_whom_they_call(
    peer: str, forwarded: list[str], caller: str
) -> None:
    ours = Addresses(KEY, [ip_network("10.0.0.0/8"), ip_network("2001:db8:aaaa::/48")])
    assert key(ours, peer, *forwarded) == key(Addresses(KEY), caller)


@given(st.text(string.printable, max_size=200))
def test_whatever_a_proxy_passes_on_is_read(noise: str) -> None:
    ours = Addresses(KEY, [ip_network("10.0.0.0/8")])
    assert len(key(ours, "10.0.0.1", noise)) == len(key(ours, "10.0.0.1"))


def test_every_class_has_a_rate_in_every_plan() -> None:
    assert set(Rates.model_fields) == set(CLASSES)
    assert set(AddressRates.model_fields) == {*CLASSES, "refusal"}
    for plan in plans.built_in().values():
        assert set(plans.rules("client", plan.rates, 0.001)) == set(CLASSES)
        assert all(rule.quota >= 1 for rule in plans.rules("x", plan.rates, 1e-9).values())


def test_a_gateway_without_a_standard_plan_does_not_start() -> None:
    with pytest.raises(ValueError, match="standard"):
        Settings(database_url="postgresql://x", secret_key="x", plans={"other": {}})
