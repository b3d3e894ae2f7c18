"""The kinds of evidence, and which way it points."""

from enum import StrEnum


class EvidenceKind(StrEnum):
    """What the document is to the company."""

    POLICY = "policy"
    CONTRACT = "contract"
    CERTIFICATE = "certificate"
    TRAINING_RECORD = "training_record"
    SCREENSHOT = "screenshot"
    REGISTER = "register"
    OTHER = "other"


class Polarity(StrEnum):
    """Whether it supports the answer or speaks against it."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
