"""What names of tables and columns say of how many rows there are."""

from __future__ import annotations

import re

#: Last words of the names of tables that stay small: what an operator or a developer writes, not what users make.
SMALL = re.compile(
    r"(^|_)(role|permission|setting|config|configuration|category|country|language|lang|currency|plan|status|state|type|"
    r"level|tier|feature|flag|unit|template|theme|locale|timezone|region|department|provider|tax|scope|worker|plugin|"
    r"site|migration|option|choice|preference|kind|priority|severity|policy|parameter|environment|env|quota|rate|tariff|"
    r"station|city|province|district|faq|banner|menu|announcement_type|license|font|color|colour|size|grade|position|"
    r"reason|method|schema|table|view|index|version|extension|pg_\w+|information_schema|sqlite_master|classification|"
    r"constant|registry|module|integration|connector|backend|engine|cluster|node|server|instance|field|definition|"
    r"attribute_group|weekday|month|season|gender|platform|admin|superuser|cron|periodic_?task|interval_?schedule|crontab_?schedule|crontab|custom_attribute|job_definition|variable|prompt|persona|"
    r"threshold|weight|retention|segment|sticker|translation|workflow|channel|subject|topic|label|stage|zone|slot|shift|holiday|branch|warehouse|rule|genre|column|app|bracket|specialty|muscle|sponsor|partner(ship)?|"
    r"credential|api_?provider|model|llm|interface|hook|webhook|source|data_source|destination|queue|pipeline|hall|tag|audience|check_?list|check_?list_item)s?$|"
    r"(categor|countr|currenc|cit|polic|propert|priorit|severit|facult|regist)(y|ies)$|(^|_)(statuses|classes|taxes|trophies|saved_filters?)$|"
    r"^(group|troph(y|ie)|badge|achievement|medal|conference|rollout)s?$|"
    r"^(pg_|information_schema|sqlite_|sys|mysql|duckdb_|ui_|types?_|config(uration)?_|settings?_|default_|static_|system_)|"
    r"(^|_)(scheduled_(job|task)|service_account|gateway)s?$|"
    r"(^|_)(site|system|global|maintenance)(_?wide)?_(alert|notice|notification|message|announcement)s?$",
)
#: Columns that one row, or a few, have one value of.
KEYS = re.compile(
    r"^(id|pk|_id|uid|uuid|guid|oid|slug|username|login|email|token|key|sha\d*|hash|digest|fingerprint|isbn|code|barcode|"
    r"phone|phone_number|serial|nonce|handle|address|url|uri|path|filename|ip|public_id|external_id|ident|identifier|"
    r"name|hostname|domain|ref|reference|\w*_(uuid|guid|slug|email|token|key|hash|sha\d*|code|number|url|uri|path|name|username|"
    r"phone|pk))$|^\w+__(id|pk|uuid|slug|email|token|username|name|code)$"
)
#: Columns that say whose rows they are: they grow for as long as the owner lives.
OWNERS = re.compile(
    r"(^|_)(user|owner|org|organi[sz]ation|tenant|account|workspace|company|customer|client|site|shop|store|author|"
    r"created_by|creator|member|profile|seller|vendor|merchant|instructor|student|employee|person)(_id|_pk|_uuid)?$"
)
#: Columns that name another row of the same kind: replies to a comment, parts of a part.
PARENT = re.compile(r"^_?parent")
#: What is bought once, as a column or a name, and last words of the names of tables that say how it was paid.
PURCHASE = re.compile(r"(?i)(^|_)(order|checkout|cart|basket|booking|reservation|invoice|purchase)(_id|_pk|_uuid)?$")
SETTLEMENTS = re.compile(r"(^|_)(transaction|payment|invoice|receipt|refund|charge)s?$")
#: Columns that sort rows into a few heaps.
HEAPS = re.compile(
    r"(^|_)(status|state|type|kind|active|enabled|disabled|deleted|archived|published|public|visible|hidden|verified|"
    r"approved|category|level|mode|read|seen|processed|completed|done|closed|open|level|priority|severity|gender|country|"
    r"city|language|role|source|flag|flagged|sent|paid|available|featured|expired|revoked|blocked|banned|draft|locked|"
    r"scheduled|pending|confirmed|local|date|year|month|day|version|privacy|resolved)$|^(is|has|was|can|should|needs)_|_at$|_on$|"
    r"_(date|time|status|state|type|kind)$"
)
#: Words of a name that speak of a page.
PAGING = frozenset({
    "page", "pages", "paginate", "paginated", "paginator", "pagination", "pager", "paging", "limit", "limits", "offset",
    "cursor", "skip", "perpage", "pagesize", "chunk", "chunks", "batch", "batches", "chunked", "batched", "top", "take",
    "lim", "infinite", "slice", "recent", "latest", "max",
})  # fmt: skip

#: Columns of which one value is one day, or a moment.
DAYS = re.compile(r"_at$|_on$|_date$|_time$|_day$|^(date|day|time|timestamp|start|end|begin)$")
#: Calls that make a span of time.
SPANS = frozenset({"timedelta", "relativedelta", "make_interval", "interval", "Interval", "DateOffset"})
#: Words of the name of a moment at which a window of time begins.
WINDOW = re.compile(
    r"(^|_)(cut_?off|since|threshold|ago|midnight|yesterday|start|begin|from|after|last|earliest|window)(_|$)"
)
#: Words of the name of a text with wildcards in it.
PATTERNS = re.compile(r"(^|_)(pattern|search|term|query|q|s|key_?words?|needle|like|text|filter|phrase)(_|$)")
#: Ends of the names of mapped classes that say nothing of the table.
ENTITY_ENDS = re.compile(r"_(model|table|entity|orm|db|record|row|dto|schema|document|details?)$")
#: Columns that are true for those who run a service.
STAFF = re.compile(r"staff|superuser|admin|moderator|(^|_)roles?$")
#: Columns that say which tenant rows belong to; one of them may have any number.
TENANTS = re.compile(r"(^|_)(org|organi[sz]ation|tenant|workspace|company|customer|client|account)(_id|_pk|_uuid)?$")
#: Those of them that may be one person as well.
PARTIES = re.compile(r"(^|_)(customer|client|account)(_id|_pk|_uuid)?$")
#: Bases of classes whose rows are tenants, each with a schema of its own (django-tenants, django-tenant-schemas).
SCHEMA_OWNERS = frozenset({"TenantMixin"})
#: Last words of the names of tables in which one user has a few rows.
FEW_PER_OWNER = re.compile(
    r"(^|_)(token|session|key|device|passkey|address|card|account|identity|social_auth|authenticator|totp|plan|subscription|"
    r"preference|connection|login|bundle|contract|user_?space|workspace|membership|saved_\w+|wallet|profile|integration|"
    r"calendar|household|vehicle|folder|role|team|guild|bot|friend_request|invite|invitation|achievement|badge|access|"
    r"translation)(es|s)?$|(identit|address)(y|ies|es)$"
)
#: Last words of the names of tables whose rows of one user or tenant become more for as long as the service is used.
_MADE = (
    r"order|transaction|payment|invoice|receipt|purchase|sale|charge|refund|deposit|withdrawal|transfer|trade|expense|"
    r"message|comment|post|article|review|rating|feedback|log|event|histor(y|ie)|activit(y|ie)|notification|alert|"
    r"visit|view|click|hit|image|photo|picture|video|file|document|upload|media|attachment|recording|booking|"
    r"reservation|appointment|ticket|issue|request|task|todo|job|run|execution|build|item|product|asset|customer|"
    r"contact|lead|user|member|patient|student|subscriber|follower|submission|answer|response|result|score|attempt|"
    r"measurement|reading|metric|sample|workout|meal|bookmark|favou?rite|like|vote|conversation|chat|thread|project|"
    r"recipe|report|snapshot|book|movie|song|track|playlist|trip|ride|shipment|deliver(y|ie)|finding|incident|e?mail|"
    r"memor(y|ie)|quer(y|ie)|inquir(y|ie)|inventor(y|ie)|ad|listing|candidate|survey|update|alias|note"
)
GROWING = re.compile(rf"(^|_)({_MADE}|entr(y|ie)|record|client|link|page|call|scan)(s|es)?$")
#: Those of which a single user gets more for as long as they use a service.
ENDLESS = re.compile(
    r"(^|_)(order|transaction|payment|invoice|receipt|purchase|expense|message|comment|post|log|event|histor(y|ie)|"
    r"activit(y|ie)|notification|visit|view|click|image|photo|picture|video|upload|recording|booking|reservation|"
    r"appointment|run|execution|measurement|reading|workout|meal|trip|ride|e?mail|entr(y|ie)|record|snapshot)(s|es)?$"
)
#: Last words of the names of tables that may hold anything.
OF_ANYTHING = re.compile(r"(^|_)(entr(y|ie)|record)(s|es)?$")
#: Tables of what one person has made with others once in a while.
ARRANGED = re.compile(r"(^|_)appointments?$")
#: Words of the names of tables of what those who run a service send to all, or tell them: a row for each of these.
SENT_TO_ALL = re.compile(
    r"(^|_)(broadcast|mailing|newsletter|campaign|change_?log|release_note)s?(_(?!subscri|recipient|reader|member)|$)"
)
#: The same where only those people see the page: what they list there is what they have written.
WRITTEN_BY_STAFF = re.compile(r"(^|_)(notification|announcement|notice|news|alert)s?$")
#: Those of which one thing gets many: what people do with it, and what befalls it.
CROWDED = re.compile(
    rf"{ENDLESS.pattern}|(^|_)(lines?|submissions?|enrol?lments?|registrations?|participa(nt|tion)s?|attendees?|votes?|"
    r"likes?|attempts?|responses?|answers?|ratings?|reviews?|feedbacks?|hits?|sign_?ups?|follow(s|ers?)?|subscribers?|"
    r"subscriptions?|sales?|metrics?|samples?|scores?|results?)$"
)
#: Last words of the names of tables that become longer the more people use a service.
CROWDS = re.compile(
    rf"(^|_)({_MADE}|organi[sz]ation|tenant|company|companie|account|person|people|employee|teacher|domain|facilit(y|ie)|"
    r"room|session|token|user_group|communit(y|ie)|location|place|venue|propert(y|ie)|deal|campaign|store|device|"
    r"blog|question|quiz|exam|course|lesson|class_?room|advert|auction|bid|coin|wallet|certificate|host|news)(s|es)?$|"
    r"^((user|member|customer|client|player|author|student|patient|employee|seller|candidate|"
    r"browser|device|voice|travel|billing|shipping|payment)_?)?profiles?$"
)
#: Last words of the names of tables that get thousands of rows in ordinary use: what people do, and these themselves.
MASSES = re.compile(
    r"(^|_)(order|transaction|payment|invoice|receipt|purchase|sale|expense|message|comment|post|article|review|rating|"
    r"feedback|log|event|histor(y|ie)|activit(y|ie)|notification|alert|visit|view|click|hit|image|photo|picture|video|"
    r"file|document|upload|media|attachment|recording|booking|reservation|appointment|ticket|issue|request|run|execution|"
    r"item|product|customer|contact|lead|user|member|patient|student|subscriber|follower|player|submission|answer|"
    r"response|result|score|attempt|measurement|reading|metric|sample|workout|meal|bookmark|favou?rite|like|vote|"
    r"conversation|chat|recipe|report|subscription|snapshot|ride|shipment|deliver(y|ie)|finding|e?mail|entr(y|ie)|record|scan)(s|es)?$"
)
#: A table in which something is looked up has so many columns at most; its name is there once, and nothing says whose
#: a row is and when it was made.
MOST_LOOKED_UP = 6
NAME_ONCE = re.compile(r"^ +(name|slug)\b[^\n=]*= [^\n]*(unique|primary_key)=True", re.MULTILINE)
MADE_BY = re.compile(r"(?i)ForeignKey|relationship\(|ManyToMany|OneToOne|Date|timestamp")
#: A column for the code by which everybody knows a thing, which is there once as well.
CODE_ONCE = re.compile(r"^ +code\b[^\n=]*= [^\n]*(unique|primary_key)=True", re.MULTILINE)
#: Columns that say whose a row is, when it was made, or where it belongs, whatever type they have.
PLACED = re.compile(
    r"(^|_)(at|on|by|date|time|day|year|timestamp|created|updated|lat|latitude|lng|longitude)$|[a-z]_(id|uuid)$"
)
#: What people upload, and types in which a program puts what it has measured or fetched.
UPLOADED = re.compile(r"\b(File|Image|Binary|JSON|Array)\w*\(|\b(LargeBinary|JSONB?|ARRAY|BLOB)\b")
#: Last words of the names of tables of people, and of what they have to say.
PERSONS = re.compile(
    r"(^|_)(user|member|customer|client|patient|student|employee|player|subscriber|lead|contact|candidate|person|people|"
    r"author|post|article|news|recipe|product|book|movie|song|note|todo|task|ticket)s?$"
)
#: How long a column may be, and how long one is that is a code of a few letters; there can't be many of these.
LENGTH = re.compile(r"(?:max_length=|length=|(?:String|CHAR|Unicode|VARCHAR)\()(\d+)")
SHORT_CODE = 6
#: Columns that a list of things has too, the types of those in which somebody writes, and what says whose a row is.
LABELS = frozenset({"name", "slug", "title", "label", "code", "description"})
LONG_TEXTS = re.compile(r"\b\w*(Text|HTML|Markdown)(Field)?\b|\bTEXT\b")
OF_SOMEBODY = re.compile(r"(?i)\bauth_user_model|\busers?\b|owner|creat(ed_by|or)|author|submitted")
#: Columns of the place that somebody has given each row among the others.
PLACES_GIVEN = re.compile(
    r"^((sort|display|menu|list|custom)_?(order|position|index)|ordering|order_(index|no|num|number)|position|rank)$"
)
#: Words of the names of tables with one row for a month or a longer time.
PERIODS = re.compile(r"(^|_)(monthly|quarterly|yearly|annual|(per|by)_(month|quarter|year))(_|$)")
#: Those of them that are sold, and columns by which they are.
GOODS = re.compile(r"(^|_)products?$")
PRICES = re.compile(r"(^|_)(price|prices|sku|stock|in_stock|quantity|cost|inventory|discount)(_|$)")
#: Those of them that are people, of whom one tenant has a few.
PEOPLE = re.compile(r"(^|_)(user|member|player)s?$")
#: Flags and states of the few rows that are exceptions, and of nearly all others.
RARE = re.compile(
    r"(?i)(^|_)(deleted|removed|archived|disabled|banned|blocked|hidden|suspended|cancell?ed|trashed|inactive|spam|blacklisted)"
    r"(_at|_on)?$"
)
USUAL = re.compile(
    r"(?i)(^|_)(active|enabled|visible|public|published|verified|approved|confirmed|available|complete|completed|done|"
    r"finished|paid|success|succeeded)$"
)
#: Columns of tables in which people, or what they do, have rows.
BY_PEOPLE = re.compile(
    r"^(user|author|customer|sender|recipient|member|student|patient|submitted_by|uploaded_by|reporter)(_id|_uuid)?$|"
    r"^(email|email_address|password|password_hash|hashed_password|username|session_key|ip|ip_address|user_agent)$"
)
#: Columns that have no value as long as something goes on.
ENDS = re.compile(
    r"^(ended|finished|closed|resolved|stopped|completed|returned|released)(_(at|on|date|time))?$|^end(_(at|on|date|time))?$"
)
#: Words of the values of a column of roles that a few people have.
LEADERS = re.compile(r"(?i)admin|owner|staff|moderator|superuser|maintainer|leader")
#: Words of the values of a column for what is being done just now, of which there is as much as there are workers.
UNDERWAY = re.compile(
    r"(?i)(^|[^a-z])(processing|running|in_?progress|importing|uploading|downloading|executing|syncing|building|"
    r"terminating|stopping|starting|pulling|deleting)([^a-z]|$)"
)
#: Functions that give an empty table its first rows.
SEEDING = re.compile(r"(^|_)(seed|populate|bootstrap|prefill|load_defaults?|create_defaults?|insert_defaults?)(_|$)")
#: Functions that are asked whether a table is empty, and those that delete rows.
EMPTINESS = re.compile(r"(^|_)is_empty(_|$)|(^|_)empty_(table|database|db)$")
DELETING = re.compile(r"^_*(\w+_)?(delete|remove|purge|prune|clean_?up|wipe|erase)(_|$)")
#: Methods of a class, or of its manager, that make a row of it; and functions named after what they make.
MAKING = frozenset({"create", "acreate", "insert", "insert_one", "get_or_create", "add"})
MAKING_OF = r"^_*(create|make|save|add|insert|store|record)_(new_)?{}$"
#: Columns that are a person's name where they hold text: who wrote a book uses no service.
NAMED_ONLY = frozenset({"author", "reporter"})
TEXT_COLUMNS = re.compile(r"^(\w+\.)*(Char|Text|String)(Field)?\(|\b(String|Text|Unicode)\b")
