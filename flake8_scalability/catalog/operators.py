"""How code says that only the people who run a service get to a place: few of them come, and seldom."""

from __future__ import annotations

import re

#: Words of paths, functions and classes of pages that only they see.
PAGES = re.compile(
    r"(^|_)(admin|staff|backoffice|dashboard|superuser|moderation|audit_?(log|trail)?s?)(_|$)", re.IGNORECASE
)
#: What says in a signature, a decorator or a router that only they are let in.
LETS_IN = re.compile(r"(?i)admin|super_?user|is_?staff|staff_(member|only|required)|require_?staff")
#: What a handler asks of its caller before it turns all others away: `request.user.is_superuser`, `_is_staff(user)`.
CHECK = re.compile(
    r"^_*((current_)?user_)?(is|has|check|ensure|require|assert)_?(super_?(user|admin)|admin|staff|operator|moderator)(_(?!or_)\w+)?$",
    re.IGNORECASE,
)
#: What the documentation of a handler says of who may call it: "Requires admin authentication".
SAID = re.compile(
    r"\b(requires?|needs?|only (for|by))\s+(an?\s+|the\s+)?(admin|superuser|staff)|\b(admin|staff)s?[- ]only\b",
    re.IGNORECASE,
)
#: Names with which a function asks whether its caller runs the service.
ASKS = re.compile(
    r"^_*(is_|require_?|check_?|verify_?|current_)?(admin|superuser|staff|superadmin|operator)(_\w+)?$|"
    r"^Is\w*(Admin|Staff|Director|Manager|Moderator)\w*$|^role$|^user_passes_test$|^permission_required$|"
    r"(PassesTest|PermissionRequired|Access|Staff|Admin)Mixin$"
)
#: Words of paths, functions and classes that only those people get to, or nobody but a developer.
OPERATED = re.compile(
    r"(^|_)(admin|staff|backoffice|back_office|superuser|moderation|internal|debug|maintenance|test|stub)(_|$)"
)
