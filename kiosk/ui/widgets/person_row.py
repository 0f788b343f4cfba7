"""One volunteer on duty: picture of the service, masked name, service, since when.

Upstream: ``kiosk.presenter.views.Person``.
Downstream: the idle screen.
"""

from __future__ import annotations

from kivy.properties import StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.presenter.views import Person
from kiosk.ui.kv import load_beside


class PersonRow(BoxLayout):
    """A :class:`~kiosk.presenter.views.Person`."""

    name = StringProperty("")
    service = StringProperty("")
    icon = StringProperty("")
    since = StringProperty("")

    def show(self, person: Person) -> None:
        """Become this person."""
        self.name, self.service, self.icon, self.since = person.name, person.service, person.icon.value, person.since


load_beside(__file__)
