from django.db import migrations


class Migration(migrations.Migration):
    """Stands here until the units' own migration takes its place."""

    initial = True
    dependencies = []
    operations = []
