"""The named reads around a search; its own statement is composed by `statement`."""

# ruff: noqa: S608  # pieces of our own

from typing import Final

CENTRE: Final = "SELECT latitude, longitude FROM training.commune WHERE code = $1"

_JOINED: Final = """(
  SELECT string_agg(coalesce(p.word, one), ' | ')
    FROM unnest(string_to_array({0}::text, ' | ')) one
    LEFT JOIN training.search_phrase p ON p.phrase = one)"""

WORDS: Final = f"""
SELECT {_JOINED.format("read.own")} AS own, {_JOINED.format("read.wide")} AS wide,
       read.wide::text AS shown, numnode(read.own) AS nodes
  FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS g(own, wide, place),
       LATERAL (SELECT websearch_to_tsquery('training.catalogue', g.own) AS own,
                       websearch_to_tsquery('training.catalogue', g.wide) AS wide OFFSET 0) read
 ORDER BY g.place"""
"""$1 and $2: the groups, as they were meant and with what they lead to; with phrases as one word.

`shown` has them as phrases, as the texts that are highlighted have them.
"""

KNOWN: Final = """
SELECT bool_and(EXISTS (SELECT FROM training.search_text t WHERE t.words @@ q.wide::tsquery))
  FROM unnest($1::text[]) q(wide)"""
"""Whether something has each of the groups $1; that costs more than to look for all at once."""

SPELLING: Final = """
SELECT g.asked, w.word
  FROM unnest($1::text[]) g(asked),
       LATERAL (SELECT public.unaccent(g.asked) AS plain OFFSET 0) p,
       LATERAL (SELECT w.word FROM training.search_word w
                 WHERE w.word OPERATOR(public.%) p.plain
                   AND public.similarity(w.word, p.plain) >= $2
                 ORDER BY public.similarity(w.word, p.plain) DESC, w.word LIMIT 1) w
 WHERE length(g.asked) >= 4
 ORDER BY g.asked"""
"""$1 the words of a search, $2 how much alike is enough."""

NEEDED: Final = """
SELECT count(*)
  FROM (SELECT FROM training.search_text t
         WHERE t.words @@ $1::tsquery
           AND EXISTS (SELECT FROM training.search_period p
                        WHERE p.slot = t.slot AND p.ends_on >= $2)
         LIMIT $3) few"""
"""$1 all the words, $2 the day, $3 how many are enough."""
