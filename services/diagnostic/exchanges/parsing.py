"""Reads what CEL, XLSForm's XPath and SurveyJS have in common, as checks on answers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from diagnostic.exchanges.expressions import (
    Check,
    Constant,
    Expression,
    Group,
    Inexpressible,
    Negation,
    Operator,
)

MAX_SOURCE = 5000
_MAX_DEPTH = 40
_EXACT = 2**53
_COMPARISONS: dict[str, Operator] = {
    "=": "==",
    "==": "==",
    "!=": "!=",
    "<>": "!=",
    "<": "<",
    "<=": "<=",
    ">": ">",
    ">=": ">=",
}
_MIRRORED: dict[Operator, Operator] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_SPOKEN = {"&&": "and", "||": "or", "!": "not"}
_LEXEMES = r"""\s+
    | (?P<variable>{variable})
    | (?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
    | (?P<number>-?[0-9]+(?:\.[0-9]+)?)
    | (?P<word>[A-Za-z_][A-Za-z0-9_-]*)
    | (?P<sign>&&|\|\||<>|[=!<>]=|[=<>!,()\[\]])"""


@dataclass(frozen=True, slots=True)
class Language:
    """What the reader must know of a language; `closed` as in `expressions.normal`."""

    name: str
    variable: str
    """How an answer is written, as a pattern whose group `name` is the question."""

    closed: bool
    escapes: bool

    def lexemes(self) -> re.Pattern[str]:
        """Give the pattern of its tokens."""
        return re.compile(_LEXEMES.replace("{variable}", self.variable), re.VERBOSE)


def parsed(source: str, language: Language) -> Expression:
    """Read a whole condition, or raise Inexpressible."""
    if len(source) > MAX_SOURCE:
        raise Inexpressible("length")
    parser = _Parser(language, _tokens(source, language))
    expression = parser.disjunction(0)
    if parser.at != len(parser.tokens):
        raise Inexpressible("syntax")
    return expression


def _tokens(source: str, language: Language) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    lexemes = language.lexemes()
    at = 0
    while at < len(source):
        match = lexemes.match(source, at)
        if match is None:
            raise Inexpressible("syntax")
        at = match.end()
        kind = match.lastgroup
        if kind == "variable":
            found.append((kind, match["name"]))
        elif kind == "text":
            bare = match["text"][1:-1]
            found.append((kind, re.sub(r"\\(.)", r"\1", bare) if language.escapes else bare))
        elif kind == "word":
            found.append((kind, match["word"].lower()))
        elif kind is not None:
            found.append((kind, _SPOKEN.get(match[kind], match[kind])))
    return found


@dataclass(frozen=True, slots=True)
class _Variable:
    name: str


@dataclass(frozen=True, slots=True)
class _Listed:
    values: tuple[Constant, ...]


@dataclass(frozen=True, slots=True)
class _Given:
    value: Constant


_Operand = _Variable | _Listed | _Given | Check | Group | Negation


@dataclass(slots=True)
class _Parser:
    """Recursive descent over what the three languages share; anything else is Inexpressible."""

    language: Language
    tokens: list[tuple[str, str]]
    at: int = 0

    def disjunction(self, depth: int) -> Expression:
        parts = [self._conjunction(depth)]
        while self._takes("or"):
            parts.append(self._conjunction(depth))
        return parts[0] if len(parts) == 1 else Group(every=False, parts=tuple(parts))

    def _conjunction(self, depth: int) -> Expression:
        parts = [self._comparison(depth)]
        while self._takes("and"):
            parts.append(self._comparison(depth))
        return parts[0] if len(parts) == 1 else Group(every=True, parts=tuple(parts))

    def _comparison(self, depth: int) -> Expression:
        left = self._operand(depth)
        word = self._word()
        if word in {"empty", "notempty"} and isinstance(left, _Variable):
            self.at += 1
            return Check(left.name, "answered" if word == "notempty" else "unanswered")
        if word in _COMPARISONS:
            self.at += 1
            return self._compared(left, _COMPARISONS[word], self._operand(depth))
        if word in {"in", "contains", "notcontains", "anyof"}:
            self.at += 1
            return self._contained(left, word, self._operand(depth))
        return _claim(left)

    def _compared(self, left: _Operand, operator: Operator, right: _Operand) -> Expression:
        if isinstance(left, _Given):
            left, right = right, left
            operator = _MIRRORED.get(operator, operator)
        if not isinstance(left, _Variable) or not isinstance(right, _Given):
            raise Inexpressible("operands")
        if right.value == "" and self.language.name == "xlsform" and operator in {"==", "!="}:
            return Check(left.name, "answered" if operator == "!=" else "unanswered")
        test = Check(left.name, operator, right.value)
        if operator == "!=" and not self.language.closed:
            return Group(every=False, parts=(Check(left.name, "unanswered"), test))
        return test

    def _contained(self, left: _Operand, word: str, right: _Operand) -> Expression:
        if isinstance(left, _Given) and isinstance(right, _Variable) and word == "in":
            return Check(right.name, "contains", left.value)
        if not isinstance(left, _Variable) or isinstance(right, _Variable):
            raise Inexpressible("operands")
        values = right.values if isinstance(right, _Listed) else (_constant(right),)
        if not values:
            raise Inexpressible("empty list")
        within: Operator = "==" if word == "in" else "contains"
        any_of = Group(every=False, parts=tuple(Check(left.name, within, one) for one in values))
        return Negation(any_of) if word == "notcontains" else any_of

    def _operand(self, depth: int) -> _Operand:
        if depth > _MAX_DEPTH or self.at >= len(self.tokens):
            raise Inexpressible("syntax")
        kind, word = self.tokens[self.at]
        self.at += 1
        if word == "not" and kind in {"sign", "word"}:
            return Negation(_claim(self._operand(depth + 1)))
        if kind == "variable":
            return _Variable(word)
        if kind in {"text", "number"}:
            return _Given(word if kind == "text" else _number(word))
        if kind == "word":
            return self._named(word)
        if word == "(":
            inner = self.disjunction(depth + 1)
            self._expect(")")
            return inner
        if word == "[":
            return self._list(depth)
        raise Inexpressible("syntax")

    def _list(self, depth: int) -> _Listed:
        values: list[Constant] = []
        while not self._takes("]"):
            if values:
                self._expect(",")
            values.append(_constant(self._operand(depth + 1)))
        return _Listed(tuple(values))

    def _named(self, word: str) -> _Operand:
        if word in {"true", "false"}:
            if self._takes("("):
                self._expect(")")
            return _Given(word == "true")
        if word == "has" and self.language.name == "cel":
            return Check(self._argument(), "answered")
        if word == "selected" and self.language.name == "xlsform":
            self._expect("(")
            variable = self._operand(0)
            self._expect(",")
            value = _constant(self._operand(0))
            self._expect(")")
            if isinstance(variable, _Variable):
                return Check(variable.name, "contains", value)
        raise Inexpressible("function")

    def _argument(self) -> str:
        self._expect("(")
        variable = self._operand(0)
        self._expect(")")
        if not isinstance(variable, _Variable):
            raise Inexpressible("argument")
        return variable.name

    def _word(self) -> str | None:
        if self.at < len(self.tokens) and self.tokens[self.at][0] in {"word", "sign"}:
            return self.tokens[self.at][1]
        return None

    def _takes(self, word: str) -> bool:
        if self._word() == word:
            self.at += 1
            return True
        return False

    def _expect(self, word: str) -> None:
        if not self._takes(word):
            raise Inexpressible("syntax")


def _claim(operand: _Operand) -> Expression:
    """Read what stands alone: a condition in brackets, or a yes-or-no question."""
    if isinstance(operand, _Variable):
        return Check(operand.name, "==", value=True)
    if isinstance(operand, _Listed | _Given):
        raise Inexpressible("constant")
    return operand


def _constant(operand: _Operand) -> Constant:
    if not isinstance(operand, _Given):
        raise Inexpressible("constant")
    return operand.value


def _number(word: str) -> int | float:
    number = float(word) if "." in word else int(word) if len(word) <= len(str(_EXACT)) else _EXACT
    if abs(number) >= _EXACT:
        raise Inexpressible("number")
    return number
