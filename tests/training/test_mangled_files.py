"""A file that something has gone wrong with is read or refused; it is never a failure of ours."""

import io
import random
import uuid
from datetime import date

import pytest

from tests.training.importing import archive, fiche, flux
from tests.training.offering import formation, lheo
from training.formats import FORMATS
from training.imports.findings import FileRefused
from training.imports.formats import Told
from training.imports.staging import staged

TELLS = Told(date(2026, 11, 26))
ROME = b'"code_rome","libelle_rome"\n"M1805","D\xc3\xa9veloppement"\n"M1806","Conseil"\n'
TABLES = archive(
    {
        "regions.csv": b"REG,CHEFLIEU,LIBELLE\n32,59350,Hauts-de-France\n",
        "departements.csv": b"DEP,REG,CHEFLIEU,LIBELLE\n59,32,59350,Nord\n",
        "communes.csv": b"TYPECOM,COM,DEP,LIBELLE,COMPARENT\nCOM,59350,59,Lille,\n",
        "mouvements.csv": b"MOD,DATE_EFF,TYPECOM_AV,COM_AV,LIBELLE_AV,TYPECOM_AP,COM_AP\n"
        b"32,2019-01-01,COM,59001,Abancourt,COM,59350\n",
    }
)
FILES = {
    "rncp": flux(fiche("RS1", "Été"), fiche("RNCP2")),
    "lheo": lheo(formation("F1"), formation("F2")),
    "rome": ROME,
    "geography": TABLES,
}
JUNK = (
    b"<", b">", b"&", b'"', b";", b"\x00", b"\xff", b"\xed\xa0\x80", b"&#xD800;", b"&#0;", b"]]>",
    b"<![CDATA[", b"<!--", b"\r", b"\n", b"9" * 400, b"-1", b"1e999", b"\xef\xbb\xbf", b"</", b"/>",
    b"<?x y?>", "１２３".encode(), "²".encode(), "Ã©".encode(), b"00000000", b"20261399", b"",
    b"<extras info='lheo-2.3'><extra><x/></extra></extras>",
)  # fmt: skip


def mangled(data: bytes, dice: random.Random) -> bytes:
    made = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 8))):
        at = dice.randrange(len(made) + 1)
        taken = dice.choice((0, 1, 3, 50))
        again = made[at : at + 300] if dice.random() < 0.2 else dice.choice(JUNK)
        made[at : at + taken] = again
    return bytes(made[: dice.randrange(len(made))] if dice.random() < 0.1 else made)


@pytest.mark.parametrize("form", FILES)
def test_a_mangled_file_is_read_or_refused(form: str) -> None:
    dice = random.Random(26)  # noqa: S311  # repeatable, not secret
    refused = 0
    for _ in range(400):
        data = mangled(FILES[form], dice)
        try:
            with FORMATS[form].open(io.BytesIO(data), TELLS) as reader:
                for reading in reader:
                    for cell in staged(uuid.uuid4(), reading):
                        assert "\x00" not in str(cell), data  # no text of PostgreSQL holds it
                        assert "\\u0000" not in str(cell), data
        except FileRefused:
            refused += 1
    assert 0 < refused < 400
