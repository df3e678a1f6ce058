from django.db import migrations
from django.utils import timezone

KINDS = ["news", "guide", "page", "service"]


def note(apps, schema_editor):
    """What was public before there were updates is not news when it is next published."""
    public = apps.get_model("authority", "PublicItem").objects.filter(kind__in=KINDS)
    content, now = apps.get_model("updates", "Content"), timezone.now()
    rows = (
        content(authority_id=authority, item_id=item, change="published", at=published or now)
        for item, authority, published in public.filter(state="public").values_list(
            "pk", "authority_id", "published"
        )
    )
    content.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("updates", "0001_what_people_follow")]
    operations = [migrations.RunPython(note, migrations.RunPython.noop, elidable=True)]
