"""People who work over HTTP, whatever breaks: what got no answer is sent again as it was."""

import http.client
import itertools
import re
import threading
import uuid
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.faults.house import House
from tests.faults.seed import COOKIE

PAUSE = 0.02  # seconds before something is sent again
QUOTE = "puts the bill at £31.4 million"


@dataclass(frozen=True)
class Answer:
    """What came back: a status, a Location, a text."""

    status: int
    location: str
    text: str


@dataclass
class Person:
    """Somebody signed in. `send` fills a form once, `insist` until it is answered."""

    house: House
    name: str

    @property
    def headers(self) -> dict[str, str]:
        session = self.house.world["people"][self.name]["session"]
        return {
            "Cookie": f"sessionid={session}; csrftoken={COOKIE}",
            "Content-Type": "application/x-www-form-urlencoded",
        }

    def keys(self, version: int | None = None) -> dict[str, str]:
        """The hidden keys of a form, fresh."""
        made = {"csrfmiddlewaretoken": COOKIE, "request_id": str(uuid.uuid4())}
        made["person"] = self.house.world["people"][self.name]["person"]
        return made | ({"version": str(version)} if version else {})

    def get(self, path: str) -> Answer:
        return Answer(*self.house.ask("GET", path, headers=self.headers))

    def send(self, path: str, fields: dict[str, str]) -> Answer:
        return Answer(*self.house.ask("POST", path, urlencode(fields), self.headers))

    def insist(self, path: str, fields: dict[str, str], give_up: threading.Event) -> Answer:
        """Send the same until it is answered by Galley itself."""
        while True:
            try:
                answer = self.send(path, fields)
                if answer.status < 500:
                    return answer
                assert answer.status == 503, self.house.last_words()
            except (OSError, http.client.HTTPException):
                pass
            assert not give_up.wait(PAUSE), "given up"

    # --- forms --------------------------------------------------------------------------------

    @property
    def article(self) -> str:
        return f"/articles/{self.house.world['article']}"

    def claim(self, said: str) -> tuple[str, dict[str, str]]:
        """Address and fields of the form that logs a claim."""
        fields = {"quote": QUOTE, "statement": said, "kind": "number", "risk": "low"}
        return f"{self.article}/claims/", self.keys() | fields

    def evidence(self, claim: int, said: str) -> tuple[str, dict[str, str]]:
        """The same for evidence from a new source."""
        fields = {"source": "new", "stance": "supports", "quote": said, "locator": "p. 14", "title": f"About {said}"}
        fields |= {"kind": "document", "origin_kind": "itself"}
        return f"{self.article}/claims/{claim}/evidence/", self.keys() | fields

    def proposal(self, claim: int, said: str, version: int = 2) -> tuple[str, dict[str, str]]:
        """The same for a proposal, on a claim that has one piece of evidence."""
        fields = {"verdict": str(self.house.world["labels"]["accurate"]), "rationale": said}
        return f"{self.article}/claims/{claim}/propose/", self.keys(version) | fields


@dataclass
class Crew:
    """Checkers who log, bring evidence and propose, over and over. `said` is what was answered with “done”."""

    house: House
    said: dict[str, list[str]] = field(default_factory=lambda: {"claim": [], "evidence": [], "proposal": []})
    faults: list[BaseException] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.end, self.give_up = threading.Event(), threading.Event()
        names = [name for name in self.house.world["people"] if name.startswith("checker")]
        self.threads = [threading.Thread(target=self._work, args=(name,)) for name in names]

    @property
    def acknowledged(self) -> int:
        return sum(len(said) for said in self.said.values())

    def __enter__(self) -> "Crew":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        """Let everybody finish what they have begun."""
        self.end.set()
        if kind is not None:
            self.give_up.set()
        for thread in self.threads:
            thread.join()
        if kind is None:
            assert not self.faults, self.faults

    def _work(self, name: str) -> None:
        person = Person(self.house, name)
        try:
            for turn in itertools.count():
                if self.end.is_set():
                    return
                self._check_one(person, f"{name}, claim {turn} of theirs “as typed” <b>")
        except BaseException as fault:
            self.faults.append(fault)

    def _check_one(self, person: Person, said: str) -> None:
        logged = self._do(person, "claim", said, person.claim(said))
        found = re.search(r"claim=(\d+)", logged.location)
        assert found, logged
        number = int(found[1])
        self._do(person, "evidence", said, person.evidence(number, said))
        self._do(person, "proposal", said, person.proposal(number, said))

    def _do(self, person: Person, kind: str, said: str, form: tuple[str, dict[str, str]]) -> Answer:
        answer = person.insist(*form, give_up=self.give_up)
        assert answer.status == 303, f"{kind}: {answer.status} {answer.text[:3000]}"
        self.said[kind].append(said)
        return answer


WRITTEN = {
    "claim": "SELECT statement FROM claims_claim ORDER BY id",
    "evidence": "SELECT quote FROM claims_evidence ORDER BY id",
    "proposal": "SELECT rationale FROM claims_proposal ORDER BY id",
}


def assert_exactly_once(house: House, crew: Crew) -> None:
    """What was answered with “done” is there once each, nothing else is, and the trail holds."""
    for kind, question in WRITTEN.items():
        written = [said for (said,) in house.rows(question)]
        assert sorted(written) == sorted(crew.said[kind]), kind
    numbers = [number for (number,) in house.rows("SELECT number FROM claims_claim ORDER BY number")]
    assert numbers == list(range(1, len(numbers) + 1))
    assert "The trail holds" in house.verified()
