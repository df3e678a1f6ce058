import pytest
from django.db import connection, models
from django.db.migrations.state import ModelState, ProjectState
from django.test.utils import isolate_apps
from django.utils.module_loading import import_string

from localoffer.ui.blocks import BodyBlock, NoticeBlock
from localoffer.ui.fields import StreamField


def test_migrations_see_plain_json_and_none_of_the_blocks():
    field = StreamField([("notice", NoticeBlock())], blank=True, help_text="Words")
    field.set_attributes_from_name("body")

    name, path, args, kwargs = field.deconstruct()

    assert (name, path, args) == ("body", "django.db.models.JSONField", [])
    assert kwargs == {"blank": True}


@pytest.fixture
def story_model(db):
    with isolate_apps("localoffer.ui"):

        class Story(models.Model):
            body = StreamField(BodyBlock())

            class Meta:
                app_label = "ui"

            def __str__(self):
                return f"Story {self.pk}"

        editor = connection.SchemaEditorClass(connection)
        editor.deferred_sql = []
        sql, params = editor.table_sql(Story)
        with connection.cursor() as cursor:
            cursor.execute(sql, params or None)
        yield Story


def as_a_migration_has_it(model):
    fields = []
    for field in model._meta.local_fields:
        name, path, args, kwargs = field.deconstruct()
        fields.append((name, import_string(path)(*args, **kwargs)))
    state = ProjectState()
    state.add_model(ModelState("ui", "Story", fields))
    return state.apps.get_model("ui", "Story")


def test_a_data_migration_reads_and_writes_a_body_as_a_plain_list(story_model):
    notice = {"title": "Snow", "content": "<p>Closed</p>"}
    story = story_model.objects.create(body=[("notice", notice)])
    historical_model = as_a_migration_has_it(story_model)

    historical = historical_model.objects.get(pk=story.pk)
    historical.body[0]["value"]["title"] = "Frost"
    historical.save()

    story = story_model.objects.get(pk=story.pk)
    assert story.body[0].value["title"] == "Frost"
