from typing import Any

from django.db import migrations


def forget(apps: Any, schema_editor: Any) -> None:
    """Texts have other tokens now. What is not in the index is written after `migrate` (search.indexing.catch_up)."""
    apps.get_model("search", "Entry").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("search", "0002_stale_entries")]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
