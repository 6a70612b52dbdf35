"""Where a project keeps its data: databases with their indexes and replicas, files, sessions, caches."""

from __future__ import annotations

from flake8_scalability.catalog.project_facts import DEPLOYMENT, MANIFESTS, PYTHON, Fact, FactRow

FACTS = (
    FactRow(
        Fact.OBJECT_STORAGE,
        (*PYTHON, *MANIFESTS),
        ("storages", "storage", "bucket"),
        (
            r"storages\.backends|\bS3(Boto3?)?Storage\b|S3Boto3Storage|GoogleCloudStorage|\bAzureStorage\b|cloudinary_storage|"
            r"MinioBackend|MinioMediaStorage",
            r"\b(AWS_STORAGE_BUCKET_NAME|AWS_MEDIA_BUCKET_NAME|GS_BUCKET_NAME|S3_BUCKET\w*)\b",
            r"\b(R2|S3|GCS|MINIO|OSS|COS|SPACES)_(\w+_)?BUCKET(_NAME)?\b",
            r"(?i)\bdjango-storages\b",
        ),
    ),
    FactRow(
        Fact.FILE_FIELDS,
        PYTHON,
        ("filefield", "imagefield", "default_storage", "media_root"),
        (
            r"\bmodels\.\w*(File|Image)Field\(|\b\w*(File|Image)Field\([^)]*\bupload_to\b",
            r"\bdefault_storage\b|\bsettings\.MEDIA_ROOT\b",
        ),
    ),
    FactRow(
        Fact.SERVER_DATABASE,
        (*PYTHON, *DEPLOYMENT, "Dockerfile*", "Procfile", "*.env*", ".env*"),
        ("postgres", "mysql", "mariadb", "oracle", "database_url", "db_url", "mssql", "cockroach", "_engine", "heroku"),
        (
            r"\b(django\.db\.backends\.|django\.contrib\.gis\.db\.backends\.)(postgresql|postgis|mysql|oracle)",
            r"(?i)\b(postgres(ql)?|mysql|mariadb|mssql|oracle|cockroachdb)(\+\w+)?://",
            r"\b(django_heroku|django_on_heroku)\.settings\(|\bdj_database_url\b|\benv\.(db|db_url|dj_db_url)\(",
            r"(?i)^\s*image:\s*[\"']?(\S*/)?(postgres|mysql|mariadb|postgis)",
            r"(environ(\.get)?|getenv|config|env)[(\[]\s*[\"'](DATABASE_URL|DB_URL|SQLALCHEMY_DATABASE_UR[IL])[\"']",
            r"(environ(\.get)?|getenv|config|env)[(\[]\s*[\"']\w*(DB|DATABASE|SQL)_ENGINE[\"']",
        ),
    ),
    FactRow(
        Fact.SERVER_DRIVER,
        (*MANIFESTS, "*.in", "*.lock"),
        ("psycopg", "asyncpg", "mysql", "oracle", "mongo", "motor", "beanie", "mssql", "pyodbc", "mariadb"),
        (
            r"(?i)\b(psycopg(2|2-binary|\[\w+\])?|asyncpg|mysqlclient|pymysql|aiomysql|asyncmy|mariadb|mysql-connector\S*|"
            r"oracledb|cx-oracle|pymssql|pyodbc|pymongo|motor|mongoengine|beanie)\b",
        ),
    ),
    FactRow(
        Fact.LOCAL_DATABASE,
        PYTHON,
        ("sqlite",),
        (
            r"[\"']sqlite(\+\w+)?://|\bdjango\.db\.backends\.sqlite3|\bSqlite(Ext|Queue)?Database\(",
            r"\b(aio)?sqlite3?\.connect\(",
        ),
    ),
    FactRow(
        Fact.SESSION_STORE,
        PYTHON,
        ("session_type", "session_redis"),
        (
            r"\bSESSION_TYPE['\"]?\]?\s*[=:]\s*['\"](redis|memcached|mongodb|sqlalchemy|dynamodb)|"
            r"\bSESSION_REDIS['\"]?\]?\s*[=:]",
        ),
    ),
    FactRow(
        Fact.REPLICA,
        (*PYTHON, "*.env*", "*.yml", "*.yaml", "*.toml", "*.tf"),
        ("replica", "slave", "follower", "reader", "readonly", "read_only"),
        (
            r"(?i)[\"'](read_?)?(replica|slave|follower)(_?\d+|_db|_database)?[\"']\]?\s*[:=]",
            r"(?i)\b(replica|slave|follower|reader|read_?only)_?(db|database|postgres|pg|mysql|sql|dsn|engine|session|pool)"
            r"\w*\s*[:=]",
            r"(?i)\b(database|db|postgres|pg|mysql|sql)\w*_(replica|slave|follower|reader)\w*\s*[:=]",
            r"^resource \"aws_rds_cluster_instance\"|replicate_source_db",
        ),
    ),
    FactRow(
        Fact.MYSQL,
        MANIFESTS,
        ("mysql", "asyncmy", "mariadb"),
        (r"(?i)^\s*[\"']?(mysqlclient|pymysql|aiomysql|asyncmy|mysql-connector-python|mariadb)\b",),
    ),
    FactRow(
        Fact.SCHEMA,
        (*PYTHON, "*.sql", "*.ini", "*.toml", "requirements*.txt", "Pipfile"),
        ("create_all", "create table", "create_table", "alembic", "migrat"),
        (
            r"\.create_all\b|(?i:\bcreate table\b)|\bcreate_table\(",
            r"(?i)^\s*\[alembic\]|^\s*[\"']?(alembic|flask-migrate|yoyo-migrations|sqlalchemy-migrate)\b",
            r"\bMigrate\(|^\s*(from|import) alembic\b|(^|[\"' ])script_location\s*=",
        ),
    ),
    FactRow(
        Fact.TEXT_INDEX,
        (*PYTHON, "*.sql"),
        (
            "trgm",
            "trigram",
            "ginindex",
            "searchvector",
            "tsvector",
            "fulltext",
            "match(",
            "fts5",
            "haystack",
            "text_search",
        ),
        (
            r"gin_trgm_ops|gist_trgm_ops|pg_trgm|\bTrigram(Extension|Similarity|WordSimilarity)\b|\bGinIndex\(",
            r"\bSearchVector(Field)?\b|\b(to_)?tsvector\b|TSVECTOR|\bFULLTEXT\b|mysql_prefix=.FULLTEXT|\bfts[345]\b",
            r"[\"']haystack[\"']",
        ),
    ),
    FactRow(
        Fact.READS_REPLICA,
        PYTHON,
        ("database_routers", "using", "connections"),
        (
            r"\bDATABASE_ROUTERS\b",
            r"(?i)\b(using\(|using\s*=|connections\[)\s*[\w.]*[\"']?\w*(replica|slave|follower|reader|read)",
        ),
    ),
    FactRow(
        Fact.CACHE_CHOSEN,
        PYTHON,
        ("caches",),
        (r"^\s*CACHES\s*(:[^=\n]+)?=", r"[\"']CACHES[\"']"),
    ),
)
