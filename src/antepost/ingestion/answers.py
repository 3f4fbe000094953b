"""The JSON that an API answered, checked against the model of what is read of it."""

from __future__ import annotations

import pydantic

from antepost.errors import DataError


def read_answer[T](data: bytes, model: pydantic.TypeAdapter[T], name: str) -> T:
    """Return ``data`` as ``model`` has it.

    Raises:
        DataError: it is cut off, no JSON, or laid out otherwise; the message says where.
    """
    try:
        # Strict, since else a text that only looks like a number (1_000, full-width digits) would become one.
        return model.validate_json(data, strict=True)
    except pydantic.ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(step) for step in first["loc"]) or "the top"
        raise DataError(
            f"{name} is cut off or laid out anew at {where}: {first['msg']}; fetch it again", name=name
        ) from error
