"""The site's settings, made quick, quiet and independent of this machine's var/."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

# The first process of a run makes the folder and removes it; the workers that it starts inherit the name.
if "TEST_FOLDER" not in os.environ:
    os.environ["TEST_FOLDER"] = tempfile.mkdtemp(prefix="painsite-test-")
    atexit.register(shutil.rmtree, os.environ["TEST_FOLDER"], ignore_errors=True)
TEST_FOLDER = Path(os.environ["TEST_FOLDER"])

os.environ.setdefault("SECRET_KEY", "only-for-tests")
os.environ.setdefault("DATABASE_URL", f"sqlite:///{TEST_FOLDER / 'db.sqlite3'}")

from painsite.settings import *  # noqa: E402, F403
from painsite.settings import DATABASES, STORAGES  # noqa: E402

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, not memory: in memory, the threads of the live server would share one connection and its transaction.
    DATABASES["default"]["TEST"] = {"NAME": str(TEST_FOLDER / "test.sqlite3")}

DEBUG = False
SECURITY_CONTACT = "security@pain.example"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
CACHES = {
    name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": name}
    for name in ("default", "handouts")
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MEDIA_ROOT = TEST_FOLDER / "media"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STATIC_ROOT = TEST_FOLDER / "static"
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True  # nothing was collected
