"""The words of the index are put together piece by piece, and are what PostgreSQL makes of all."""

import random

import asyncpg

from tests.harness import Database
from training.indexing.words import Vocabulary

_PIECES = """
C++ c# .NET .Net I.A. IA, l’entreprise d'une œuvre Élève porte-avion arc-en-ciel.
http://a.fr/b?c=d, https://x.test/<y> moi@exemple.test 1,5 -3 +4.5e10 n°5 <b> </b> a<b &amp; &#233;
' '' \\ \\' 0 00 0: 0' École/Collège 3.14.15 2026-11-27 /usr/bin ~/x 🙂 a\u200bb a_b 50% R&D les
des que … — « » (IA) M1805 RNCP37873 RNCP37873BC01 2e 1er e-mail CAP/BEP c.à.d. aujourd’hui
AUJOURD'HUI ﬁn ß İ ١٢ 日本語 -- -a- a- -a . .a a.
""".split()  # noqa: SIM905  # words, not lines
_BLANKS = (" ", "\n", "  ", " \n\t", "\r\n", "\u00a0", " , ")
_WHOLE = """
SELECT to_tsvector('training.catalogue', training.search_spelt(given))::text AS whole,
       made::tsvector::text AS made, given
  FROM unnest($1::text[], $2::text[]) g(given, made)"""


async def test_vectors_put_together_are_those_of_the_whole_texts(database: Database) -> None:
    chance = random.Random(7)  # noqa: S311  # no secret
    texts = ["", " ", *_PIECES]
    for _ in range(400):
        pieces = chance.choices(_PIECES, k=chance.randint(2, 30))
        texts.append("".join(one + chance.choice(_BLANKS) for one in pieces))
    connection = await asyncpg.connect(database.dsn("training"))
    vocabulary = Vocabulary(connection)
    known = await vocabulary.learn(texts)
    made = [vocabulary.vector(known, text) for text in texts]
    assert not any(" - " in vector for vector in made)  # no known expression among them
    spaced = [" ".join(text.split()) for text in texts]
    rows = await connection.fetch(_WHOLE, spaced, made)
    await connection.close()
    for row in rows:
        assert row["made"] == row["whole"], row["given"]


async def test_a_no_break_space_ends_a_word(database: Database) -> None:
    connection = await asyncpg.connect(database.dsn("training"))
    vocabulary = Vocabulary(connection)
    known = await vocabulary.learn(["Intelligence\u00a0: «\u202fdonnées\u202f»"])
    await connection.close()
    assert vocabulary.vector(known, "Intelligence\u00a0: «\u202fdonnées\u202f»", ["m'1"]) == (
        "'m''1' 'intelligent':1 'donne':2"
    )


async def test_a_known_expression_is_one_word_more_where_its_words_stand_as_in_it(
    database: Database,
) -> None:
    connection = await asyncpg.connect(database.dsn("training"))
    vocabulary = Vocabulary(connection)
    texts = {
        "L’Intelligence artificielle, l'intelligence artificielle générative": {
            "intelligent - artificiel",
            "intelligent - artificiel - gener",
        },
        "La protection des données": {"protect 2 donne"},
        "La protection, les données": {"protect 2 donne"},
        "La protection de données": {"protect 2 donne"},
        "La protection données": set(),
        "L’artificielle intelligence est générative": set(),
        "Intelligence peu artificielle": set(),
        "Artificielle": set(),
    }
    known = await vocabulary.learn(texts)
    for text, expressions in texts.items():
        vector = vocabulary.vector(known, text)
        assert {one for one in vector.split("'") if " - " in one or " 2 " in one} == expressions
    await connection.close()
