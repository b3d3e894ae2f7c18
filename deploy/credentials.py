"""The secrets of one installation, made once: who signs for whom, and each role's password.

`python -m deploy.credentials` writes them for docker compose, one file per setting.
"""

import json
import os
import secrets
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from deploy.prepare import CONFIDENTIAL

ROOT = Path(__file__).resolve().parent.parent

SERVICES = ("diagnostic", "training", "observatory", "gateway")

DEMO_CLIENT = "demo"
DEMO_COLLEAGUE = "demo-colleague"
DEMO_SCHOOL = "demo-school"
DEMO_TENANT = "medef-hdf"

CALLS = {
    "gateway": ("diagnostic", "training", "observatory"),
    "diagnostic": ("training", "observatory"),
    "training": ("observatory",),
    "observatory": ("diagnostic", "training"),
}
"""Who may call whom: one HMAC key for each pair, known to both and to nobody else."""


BENCHMARK_K = "5"
"""Fewest peers that a comparison shows; the diagnostic starts with no less, and not without it."""


class Vault:
    """A folder of secrets: each is made at its first use and never changes after."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def get(self, name: str, make: Callable[[], str] = lambda: secrets.token_urlsafe(32)) -> str:
        """Read the secret, or make and keep it."""
        path = self.folder / name
        if not path.exists():
            self.put(name, make())
        return path.read_text()

    def put(self, name: str, text: str, mode: int = 0o600) -> None:
        """Keep the secret whole or not at all, whatever interrupts us."""
        fresh = self.folder / f".{name}.{os.getpid()}"
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
        fresh.replace(self.folder / name)


def signing_key() -> str:
    """Make the RSA key, 2048 bits, with which the gateway signs tokens for the outside."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def demo_secret(vault: Vault) -> str:
    """Secret of the client that `make demo` and the first steps use."""
    return vault.get("demo-client.secret")


def demo_clients(vault: Vault) -> str:
    """Describe the demo clients for `gateway.bootstrap --demo`, as JSON.

    The colleague publishes the grids that the first has written: four eyes need two clients. The
    school proposes what the first reviews, which nobody does for their own organisation.
    """
    clients = [
        {
            "client_id": DEMO_CLIENT,
            "secret": demo_secret(vault),
            "tenant": DEMO_TENANT,
            "name": "Programme IA des Hauts-de-France (démonstration)",
            "plan": "partner",
            "scopes": [
                "diagnostic:read",
                "diagnostic:write",
                "diagnostic:author",
                "diagnostic:facilitate",
                "diagnostic:fund",
                "diagnostic:protect",
                "diagnostic:statistics",
                "diagnostic:feed",
                "training:feed",
                "training:import",
                "training:read",
                "training:write",
                "training:review",
                "training:audit",
                "training:theses",
                "training:alerts",
                "training:grants",
                "observatory:federate",
                "observatory:feed",
                "observatory:kits",
                "observatory:publish",
                "observatory:share",
                "observatory:steer",
                "gateway:keys",
                "gateway:operate",
                "gateway:webhooks",
                "overviews:read",
            ],
        },
        {
            "client_id": DEMO_COLLEAGUE,
            "secret": vault.get("demo-colleague.secret"),
            "tenant": DEMO_TENANT,
            "name": "Collègue du programme (démonstration)",
            "scopes": ["diagnostic:read", "diagnostic:publish"],
        },
        {
            "client_id": DEMO_SCHOOL,
            "secret": vault.get("demo-school.secret"),
            "tenant": "universite-exemple",
            "name": "Université Exemple (démonstration)",
            "scopes": ["training:read", "training:write", "training:theses", "training:alerts"],
        },
    ]
    return json.dumps(clients, ensure_ascii=False)


def password(vault: Vault, name: str) -> str:
    """Password of a service's login role `<service>_app`, or of a role named so."""
    return vault.get(f"{name}.password")


def settings(
    service: str, vault: Vault, *, database: str, urls: Mapping[str, str]
) -> dict[str, str]:
    """Everything the service must be told, as its environment variables."""
    callers = [issuer for issuer, called in CALLS.items() if service in called]
    trusted = {issuer: vault.get(f"{issuer}-to-{service}.key") for issuer in callers}
    peers = {
        peer: {"url": urls[peer], "key": vault.get(f"{service}-to-{peer}.key")}
        for peer in CALLS[service]
    }
    told = {
        "database_url": database,
        "secret_key": vault.get(f"{service}.secret"),
        "trusted_issuers": json.dumps(trusted),
        "peers": json.dumps(peers),
    }
    if service == "diagnostic":
        told["benchmark_k"] = os.environ.get("DIAGNOSTIC_BENCHMARK_K", BENCHMARK_K)
    if service == "gateway":
        del told["trusted_issuers"]  # whoever calls the door brings a token of its own
        told["signing_key"] = vault.get("gateway.pem", signing_key)
        told["pepper"] = vault.get("gateway.pepper")
        told["webhook_keys"] = vault.get("gateway.webhooks.key")
        told["demo_clients"] = demo_clients(vault)
    return {f"{service}_{name}".upper(): text for name, text in told.items()}


def files(vault: Vault) -> dict[str, str]:
    """Name and text of every file that docker compose mounts into /run/secrets."""
    owner = vault.get("postgres.password")
    found = {
        "postgres_password": owner,
        "vigie_admin_database_url": f"postgresql://postgres:{owner}@postgres:5432/vigie",
    }
    urls = {service: f"http://{service}:8000" for service in SERVICES}
    for service in SERVICES:
        secret = password(vault, service)
        database = f"postgresql://{service}_app:{secret}@postgres:5432/vigie"
        told = settings(service, vault, database=database, urls=urls)
        found |= {name.lower(): text for name, text in told.items()}
    found[f"{CONFIDENTIAL}_database_url"] = (
        f"postgresql://{CONFIDENTIAL}:{password(vault, CONFIDENTIAL)}@postgres:5432/vigie"
    )
    return found


def main() -> int:
    """Write `deploy/secrets/` for docker compose: an open file in a closed folder each.

    Compose mounts the files as they are, and the containers run under a number of their own.
    """
    folder = ROOT / "deploy" / "secrets"
    target = Vault(folder)
    folder.chmod(0o700)
    made = files(Vault(folder / "made"))
    for name, text in made.items():
        target.put(name, text)
        (folder / name).chmod(0o444)
    print(f"{len(made)} secrets are in {folder}: keep them safe, they are made only once.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
