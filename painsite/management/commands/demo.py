"""The whole site on this machine: prepares what is missing, says who can log in, and serves."""

import json
import os
import secrets
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from painsite.models import SiteProfile
from painsite.roles import StaffRole

from .seed import ACCOUNTS, account

# Invented; no telephone has this number. Not in the seed, so that no hospital shows it to patients by oversight.
PROFILE = {
    "hospital_zh_hans": "示范市第一医院",
    "hospital_en": "Example City First Hospital",
    "department_zh_hans": "疼痛科",
    "department_en": "Pain department",
    "address_zh_hans": "示范市安康路 1 号，门诊楼三层",
    "address_en": "1 Ankang Road, Example City; outpatient building, third floor",
    "opening_hours_zh_hans": "周一至周五 8:00～11:30，13:30～17:00\n周六 8:00～11:30",
    "opening_hours_en": "Monday to Friday 8:00–11:30 and 13:30–17:00\nSaturday 8:00–11:30",
    "licence_zh_hans": "医疗机构执业许可证：示范 00000000\n备案号：示范ICP备00000000号",
    "licence_en": "Practice licence: EXAMPLE 00000000\nSite filing: EXAMPLE ICP 00000000",
    "telephone": "010-0123 4567",
}
PASSWORDS = settings.VAR_DIR / "demo-passwords.json"
WHAT_THEY_DO = {
    "editor": gettext_lazy("writes the texts and sends them for review"),
    "doctor": gettext_lazy("signs as medical reviewer"),
    "translator": gettext_lazy("fills in the other language"),
    "linguist": gettext_lazy("signs as language reviewer"),
    "publisher": gettext_lazy("publishes and withdraws"),
    "admin": gettext_lazy("manages accounts; may do everything but sign their own texts"),
}


class Command(BaseCommand):
    help = "Prepares the database, the seed content and the accounts of the demonstration, and serves it."

    def handle(self, *args: Any, **options: Any) -> None:
        port = os.environ.get("PORT", "8000")
        call_command("compilemessages", stdout=self.stdout)  # first, so that what follows is in one language
        with translation.override("zh-hans" if os.environ.get("LANG", "").startswith("zh") else "en"):
            self.step(_("Database"), "migrate", verbosity=0)
            if static_files_changed():
                self.step(_("Static files"), "collectstatic", interactive=False, verbosity=0)
            self.step(_("Seed content"), "seed")
            SiteProfile.objects.get_or_create(pk=1, defaults=PROFILE)
            passwords = set_passwords(PASSWORDS, os.environ.get("DEMO_PASSWORD", ""))
            self.announce(port, passwords)
        self.serve(port)

    def step(self, title: str, command: str, **options: Any) -> None:
        self.stdout.write(f"{title} …")
        self.stdout.flush()
        call_command(command, stdout=self.stdout, **options)

    def announce(self, port: str, passwords: dict[str, str]) -> None:
        site = f"http://127.0.0.1:{port}"
        self.stdout.write("")
        for address, what in [
            (f"{site}/zh-hans/", _("the patients' site in Chinese")),
            (f"{site}/en/", _("the patients' site in English")),
            (f"{site}/admin/", _("where staff work")),
        ]:
            self.stdout.write(f"  {address:<32} {what}")
        self.stdout.write("")
        for name, password in passwords.items():
            self.stdout.write(f"  {name:<11} {password:<20} {WHAT_THEY_DO[name]}")
        self.stdout.write("\n" + _("Ctrl-C stops it; the data stays.") + "\n")
        self.stdout.flush()

    def serve(self, port: str) -> None:
        server = Path(sys.executable).with_name("granian")
        arguments = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", port, "--blocking-threads", "4"]
        os.chdir(settings.BASE_DIR)
        os.execv(server, [str(server), *arguments, "--log-level", "warning", "painsite.wsgi:application"])


def static_files_changed() -> bool:
    """Whether a file is newer than the last collection: compressing them all anew takes longer than everything else."""
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if not manifest.exists():
        return True
    files = (Path(storage.path(name)) for finder in get_finders() for name, storage in finder.list([]))
    return any(file.stat().st_mtime > manifest.stat().st_mtime for file in files)


def set_passwords(path: Path, common: str) -> dict[str, str]:
    """The accounts' passwords by user name: kept in the file, drawn at random for those that have none, or `common`."""
    kept: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    users = {name: account(name, roles) for name, roles in ACCOUNTS.items()}
    users["admin"] = account("admin", list(StaffRole))
    if not users["admin"].is_superuser:
        users["admin"].is_superuser = True
        users["admin"].save()
    passwords = {name: common or kept.get(name) or secrets.token_urlsafe(9) for name in users}
    for name, user in users.items():
        if not user.check_password(passwords[name]):
            user.set_password(passwords[name])
            user.save()
    # In its place only when it is whole: what a start that was stopped leaves behind must not break the next.
    partial = path.with_suffix(".tmp")
    partial.unlink(missing_ok=True)
    partial.touch(mode=0o600)
    partial.write_text(json.dumps(passwords, indent=2) + "\n")
    partial.replace(path)
    return passwords
