import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

# What a matcher reads is kept in step with the rows by the database itself. On SQLite the text
# index has no copy of the words: it reads the table's own columns (external content), and triggers
# that are put in place after each migration (``matching.sqlite``) tell it of changes.
SQLITE = [
    """
    CREATE VIRTUAL TABLE search_fts USING fts5(
        tokens, filters, content='search_searchdocument', content_rowid='id',
        tokenize='ascii', detail=full
    )
    """,
    "CREATE VIRTUAL TABLE search_vocabulary USING fts5vocab('search_fts', 'col')",
]
UNDO_SQLITE = [
    "DROP TRIGGER IF EXISTS search_fts_insert",
    "DROP TRIGGER IF EXISTS search_fts_delete",
    "DROP TRIGGER IF EXISTS search_fts_update",
    "DROP TABLE search_vocabulary",
    "DROP TABLE search_fts",
]
# PostgreSQL's own parser would take words apart by its locale's rules; these come ready made.
POSTGRES = [
    r"""
    CREATE FUNCTION search_vector(tokens text, filters text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT coalesce(string_agg('''' || word || '''' || at, ' '), '')::tsvector
        FROM (
            SELECT translate(word, '''\', '') AS word,
                (ARRAY[':1', ':1,2', ':1,2,3'])[least(count(*), 3)] AS at
            FROM unnest(string_to_array(tokens, ' ')) AS word GROUP BY 1
            UNION ALL
            SELECT '!' || translate(word, '''\', ''), ''
            FROM unnest(string_to_array(filters, ' ')) AS word GROUP BY 1
        ) AS found
        WHERE word <> ''
    $$
    """,
    """
    ALTER TABLE search_searchdocument
    ADD COLUMN vector tsvector GENERATED ALWAYS AS (search_vector(tokens, filters)) STORED
    """,
    "CREATE INDEX search_document_vector ON search_searchdocument USING gin (vector)",
    # Compared by what a title begins with, whatever the locale's order of letters.
    'ALTER TABLE search_titlestart ALTER COLUMN start TYPE varchar(60) COLLATE "C"',
]
UNDO_POSTGRES = [
    "ALTER TABLE search_searchdocument DROP COLUMN vector",
    "DROP FUNCTION search_vector(text, text)",
]


def run(sqlite, postgres):
    def statements(apps, schema_editor):
        vendor = schema_editor.connection.vendor
        for statement in {"sqlite": sqlite, "postgresql": postgres}[vendor]:
            schema_editor.execute(statement, params=None)

    return statements


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('authority', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='IndexState',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('of', models.CharField(choices=[('index', 'The index'), ('thesaurus', 'A thesaurus')], max_length=9)),
                ('change', models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='IndexCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name='Outgoing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('document_id', models.BigIntegerField()),
            ],
            options={
                'verbose_name_plural': 'outgoing',
            },
        ),
        migrations.CreateModel(
            name='SearchDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=30)),
                ('key', models.CharField(max_length=40)),
                ('title', models.CharField(max_length=255)),
                ('summary', models.TextField(blank=True)),
                ('url', models.CharField(max_length=500)),
                ('impacts', models.JSONField(default=dict)),
                ('tokens', models.TextField(blank=True)),
                ('filters', models.TextField(blank=True)),
                ('need_codes', models.JSONField(default=list)),
                ('type_codes', models.JSONField(default=list)),
                ('audience_codes', models.JSONField(default=list)),
                ('days', models.JSONField(default=list)),
                ('spots', models.JSONField(default=list)),
                ('minimum_age', models.PositiveSmallIntegerField(null=True)),
                ('maximum_age', models.PositiveSmallIntegerField(null=True)),
                ('cost_kind', models.CharField(blank=True, max_length=9)),
                ('organisation', models.CharField(blank=True, max_length=255)),
                ('reach', models.CharField(blank=True, max_length=8)),
                ('status', models.CharField(blank=True, max_length=18)),
                ('is_example', models.BooleanField(default=False)),
                ('dated', models.DateField(null=True)),
                ('source_hash', models.CharField(max_length=32)),
                ('analyser_version', models.CharField(db_index=True, max_length=80)),
                ('changed', models.DateTimeField(default=django.utils.timezone.now)),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='authority.authority')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'key'), name='search_document_once')],
            },
        ),
        migrations.CreateModel(
            name='TitleStart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start', models.CharField(max_length=60)),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='authority.authority')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='starts', to='search.searchdocument')),
            ],
            options={
                'indexes': [models.Index(fields=['authority', 'start'], name='search_titlestart_begins')],
            },
        ),
        migrations.RunPython(run(SQLITE, POSTGRES), run(UNDO_SQLITE, UNDO_POSTGRES)),
    ]
