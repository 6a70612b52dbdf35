"""Values that are computed once: where they are kept, and what the class itself gives."""

from __future__ import annotations

from flake8_scalability.model.language.lazy import cached_property


class Counted:
    """Counts how often its value is computed."""

    computed = 0

    @cached_property
    def value(self) -> int:
        """The value."""
        self.computed += 1
        return 7


def test_a_value_is_computed_once_for_each_object() -> None:
    first, second = Counted(), Counted()
    assert (first.value, first.value, second.value) == (7, 7, 7)
    assert (first.computed, second.computed) == (1, 1)
    assert vars(first)["value"] == 7


def test_a_value_that_was_set_is_not_computed() -> None:
    counted = Counted()
    vars(counted)["value"] = 3
    assert counted.value == 3
    assert counted.computed == 0


def test_the_class_gives_what_computes() -> None:
    assert isinstance(Counted.value, cached_property)
    assert Counted.value.__doc__ == "The value."
