"""A process that is killed in the middle of a publication leaves all of it or nothing, and it can be done again.

18 kills, or as many as PAINSITE_KILLS says. All 50 that were asked for, on both databases:

    PAINSITE_KILLS=50 .venv/bin/python tests/run.py sqlite postgres -- tests/publishing/test_crash.py
"""

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("PAINSITE_KILLS", "18"))
SEED = int(os.environ.get("PAINSITE_SEED") or random.SystemRandom().randrange(2**32))

PROGRAM = """
import sys, django
django.setup()
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[1]
from tests.publishing import crashing
crashing.main(int(sys.argv[2]), int(sys.argv[3]))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="left out: no processes to fork here")
@pytest.mark.django_db(transaction=True)
def test_a_process_that_is_killed_leaves_all_of_an_act_or_nothing() -> None:
    database = str(connection.settings_dict["NAME"])
    connection.close()
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, database, str(KILLS), str(SEED)],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        text=True,
        timeout=60 + 5 * KILLS,
        check=False,
    )
    print(done.stdout, end="")
    assert done.returncode == 0, f"PAINSITE_SEED={SEED} PAINSITE_KILLS={KILLS} repeats it.\n{done.stdout}{done.stderr}"
