"""Pages for those who run the service, told by what a function asks of its caller first."""

from __future__ import annotations

import pytest
from support import model

from flake8_scalability.model.running import operators

HANDLER = """
def handle(request):
    '''Say how much there is.'''
    {0}
    return count()
"""


def is_for_operators(check: str) -> bool:
    source = model(HANDLER.format(check))
    return operators.only(next(scope for scope in source.scopes if scope.is_function), source)


@pytest.mark.parametrize(
    "check",
    [
        "if not request.user.is_superuser:\n        raise PermissionDenied",
        "if not _is_staff(request.user):\n        return Response(status=403)",
        "import json\n    if request.user is None or not request.user.is_admin:\n        return None",
        "refused = page.check_access(STAFF)\n    if refused:\n        return refused",
        "if not ensure_staff(request, 'licences'):\n        return None",
        "if not await_permission(request, 'staff'):\n        return None",
        "if not user_is_moderator(request):\n        log(request)\n        raise Forbidden()",
    ],
)
def test_who_else_comes_is_turned_away(check: str) -> None:
    assert is_for_operators(check)


@pytest.mark.parametrize(
    "check",
    [
        "if not request.user.is_authenticated:\n        raise PermissionDenied",
        "if not request.user.is_superuser:\n        rows = rows[:5]",
        "if request.user.is_staff:\n        return None",
        "a = 1\n    b = 1\n    c = 1\n    d = 1\n    e = 1\n    if not is_staff(request):\n        return None",
        "if request.item.owner != request.user and not request.user.is_staff:\n        raise PermissionDenied",
        "if not is_staff_or_owner(request.user):\n        raise PermissionDenied",
        "if not is_user(request):\n        raise PermissionDenied",
        "if may_access(request.user, 'admin'):\n        return pages()",
        "if not is_(request):\n        return None",
        "pass",
    ],
)
def test_others_come_too(check: str) -> None:
    assert not is_for_operators(check)


@pytest.mark.parametrize(
    ("said", "is_said"),
    [
        ("Requires admin authentication and the right to write.", True),
        ("Load the shelves. Admin-only.", True),
        ("Only for staff: put the books back.", True),
        ("Tell the admin that a book is missing.", False),
        ("Requires a book that staff have seen.", False),
    ],
)
def test_documentation_says_who_may_call(said: str, is_said: bool) -> None:
    source = model(f"def handle(request):\n    '{said}'\n    return count()\n")
    assert operators.says_so(next(scope for scope in source.scopes if scope.is_function)) is is_said
