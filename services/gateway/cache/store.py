"""What is kept, within a number of bytes: the address used longest ago goes first."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from gateway.cache.asking import Asked
from gateway.cache.entries import Entry
from gateway.cache.variants import Vary, variant

Address = tuple[str, bytes]
"""Decoded path, and query as it came: another order is another address."""

_MOST_VARIANTS: Final = 16
_OVERHEAD: Final = 500


@dataclass(slots=True)
class Resource:
    """The answers of one address, by what they vary with."""

    vary: Vary = ()
    entries: dict[Vary, Entry] = field(default_factory=dict)
    passed_until: float = 0.0
    """Loop time; until then nobody waits for another's answer here: it was not to be shared."""

    size: int = 0

    def select(self, asked: Asked) -> Entry | None:
        """Return the entry for the request."""
        return self.entries.get(asked.variant(self.vary))


class Store:
    """Resources by address, least recently used first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._resources: OrderedDict[Address, Resource] = OrderedDict()
        self.size = 0

    def __len__(self) -> int:
        return len(self._resources)

    def get(self, address: Address) -> Resource | None:
        """Return what is kept of an address, which is used thereby."""
        found = self._resources.get(address)
        if found is not None:
            self._resources.move_to_end(address)
        return found

    def put(self, address: Address, asked: Mapping[bytes, bytes], entry: Entry) -> None:
        """Keep an entry; when one more header tells answers apart, the others are asked anew."""
        resource = self._resources.get(address) or Resource()
        vary = entry.vary or ()
        if not set(vary) <= set(resource.vary):
            resource.entries.clear()
            resource.vary = tuple(sorted({*vary, *resource.vary}))
        key = variant(asked, resource.vary)
        resource.entries.pop(key, None)
        while len(resource.entries) >= _MOST_VARIANTS:
            del resource.entries[next(iter(resource.entries))]
        resource.entries[key] = entry
        resource.passed_until = 0.0
        self._weigh(address, resource)

    def drop(self, address: Address, asked: Mapping[bytes, bytes]) -> None:
        """Forget the entry for the request's headers."""
        resource = self._resources.get(address)
        if resource is not None:
            resource.entries.pop(variant(asked, resource.vary), None)
            self._weigh(address, resource)

    def pass_by(self, address: Address, until: float) -> None:
        """Note that answers of this address are not to be shared, for a while."""
        resource = self._resources.get(address) or Resource()
        resource.passed_until = until
        self._weigh(address, resource)

    def _weigh(self, address: Address, resource: Resource) -> None:
        before = resource.size if address in self._resources else 0
        path, query = address
        resource.size = _OVERHEAD + len(path) + len(query)
        for named, entry in resource.entries.items():
            resource.size += sum(map(len, named)) + entry.size
        self.size += resource.size - before
        self._resources[address] = resource
        self._resources.move_to_end(address)
        while self.size > self._most and self._resources:
            _, gone = self._resources.popitem(last=False)
            self.size -= gone.size
