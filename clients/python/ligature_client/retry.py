"""When a request is sent again, and after how long."""
from __future__ import annotations

import email.utils
import random
import time
from dataclasses import dataclass, field
from typing import Callable, Optional

#: Too many requests, a gateway without its server, a server that loads or stops.
RETRIED = frozenset({429, 502, 503, 504})


def retry_after(value: Optional[str], now: Callable[[], float] = time.time) -> Optional[float]:
    """Seconds that a Retry-After field asks for (RFC 9110 §10.2.3): a number or a date."""
    if value is None:
        return None
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - now())
    except (TypeError, ValueError, IndexError):
        return None


@dataclass(frozen=True)
class RetryPolicy:
    """Pauses grow from `first` seconds, twice as long each time up to `longest`, each by chance
    between nothing and all of it ("full jitter"), and are never shorter than Retry-After asks.

    A request is tried `attempts` times at most, and no pause begins that would end more than
    `patience` seconds after the first try.
    """

    attempts: int = 6
    first: float = 0.1
    longest: float = 5.0
    patience: float = 60.0
    random: Callable[[], float] = field(default=random.random, repr=False)
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)
    clock: Callable[[], float] = field(default=time.monotonic, repr=False)

    def __post_init__(self) -> None:
        if self.attempts < 1:
            raise ValueError(f"attempts: found {self.attempts}, expected at least 1")

    def pause(self, attempt: int, asked: Optional[float]) -> float:
        """Seconds before the try after `attempt`, which counts from 1."""
        grown = min(self.longest, self.first * 2.0 ** (attempt - 1)) * self.random()
        return grown if asked is None else asked + min(grown, 1.0)


#: Every request is sent once.
NO_RETRIES = RetryPolicy(attempts=1)
