from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

from django.db import connection, connections


def at_the_same_moment(*acts: Callable[[], Any]) -> list[Exception | None]:
    """Runs the acts in threads, each with a connection of its own; what each raised."""
    barrier = Barrier(len(acts), timeout=20)
    raised: list[Exception | None] = [None] * len(acts)

    def run(index: int) -> None:
        try:
            connection.ensure_connection()
            barrier.wait()
            acts[index]()
        except Exception as error:
            raised[index] = error
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(index,)) for index in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised
