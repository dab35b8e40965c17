"""Why a run fails, one line each; `status` is the exit status of the program."""


class Failure(Exception):
    """The session could not be had, or ended before its time."""

    status = 1


class SchemaViolation(Failure):
    """A message is not what the schema says."""

    status = 2


class RuleBroken(Failure):
    """Messages that are well-formed, but not in this order or not with these values."""

    status = 3
