"""The page's server: answers, refusals, headers, limits, and clear words under load."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from page_server import laboratory, served

httpx = pytest.importorskip("httpx")
pytest.importorskip("fastapi")

from crosscurrent.web.application import make_application  # noqa: E402
from crosscurrent.web.files import SCRIPT, STATIC, STYLE, page_parts  # noqa: E402
from crosscurrent.web.guard import LONGEST_BODY, Guard, RateLimit  # noqa: E402


@pytest.fixture(scope="module")
def address():
    with served() as found:
        yield found


@pytest.fixture
def client(address):
    with httpx.Client(base_url=address, timeout=60) as found:
        yield found


def ask(client, **question):
    return client.post("/api/compare", json=question)


def test_the_page_and_its_files(client):
    page = client.get("/")
    assert page.status_code == 200
    assert "Crosscurrent" in page.text
    linked = re.findall(r'(?:src|href)="static/([^"]+)"', page.text)
    assert linked == [STYLE, SCRIPT]
    for name, kind in zip(linked, ("text/css", "text/javascript"), strict=True):
        found = client.get(f"/static/{name}")
        assert found.status_code == 200
        assert found.headers["content-type"].startswith(kind)
        tag = found.headers["etag"]
        for known in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
            again = client.get(f"/static/{name}", headers={"if-none-match": known})
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["vary"] == found.headers["vary"] == "Accept-Encoding"
        assert client.get(f"/static/{name}", headers={"if-none-match": '"other"'}).status_code == 200
        head = client.head(f"/static/{name}")
        assert (head.status_code, head.content) == (200, b"")
    assert client.head("/").status_code == 200


def test_every_file_of_the_folder_is_part_of_the_page_and_only_once():
    parts = page_parts()
    for path in STATIC.iterdir():
        text = {".css": parts.style, ".js": parts.script}.get(path.suffix, parts.markup)
        assert path.suffix in (".css", ".js", ".html")
        assert path.suffix == ".html" or text.count(path.read_text(encoding="utf-8")) == 1


def test_answers_are_packed_for_those_who_can_unpack(client):
    sizes = {}
    for coding in ("gzip", "identity", "identity, gzip;q=0"):
        for ask_for in (("POST", "/api/compare"), ("GET", "/static/page.js"), ("GET", "/")):
            given = {"headers": {"accept-encoding": coding}} | ({"json": {}} if ask_for[0] == "POST" else {})
            with client.stream(*ask_for, **given) as answer:
                sizes[coding, ask_for] = len(b"".join(answer.iter_raw()))
                assert answer.headers.get("content-encoding", "identity") == coding.partition(",")[0]
                assert answer.headers["vary"] == "Accept-Encoding"
    for (coding, ask_for), size in sizes.items():
        assert coding != "gzip" or size < 0.5 * sizes["identity", ask_for] == 0.5 * sizes["identity, gzip;q=0", ask_for]


@pytest.mark.parametrize(
    "path", ["/static/../pyproject.toml", "/static/%2e%2e/application.py", "/static/none.js", "/docs", "/api/none"]
)
def test_nothing_else_is_served(client, path):
    assert client.get(path).status_code == 404


def test_every_answer_wears_its_headers(client):
    for found in (client.get("/"), client.get("/api/case"), client.get("/none"), ask(client, b="none")):
        policy = found.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert found.headers["x-content-type-options"] == "nosniff"
        assert found.headers["referrer-policy"] == "no-referrer"
        assert "set-cookie" not in found.headers
        assert "access-control-allow-origin" not in found.headers


def test_the_markup_has_nothing_inline(client):
    """The policy forbids inline scripts and styles, so the page must not need them."""
    text = client.get("/").text
    assert " style=" not in text
    assert "<style" not in text
    assert "javascript:" not in text
    source = client.get(f"/static/{SCRIPT}").text
    assert 'style="' not in source
    assert "eval(" not in source
    assert "new Function" not in source


def test_an_answer_has_every_theory_and_measure(client):
    found = ask(client, measures=["trust", "cost_us"]).json()
    assert set(found["cells"]) == {"trust", "cost_us"}
    for cells in found["cells"].values():
        assert set(cells) == set(laboratory().theories)
        for cell in cells.values():
            assert len(cell["a"]) == len(cell["b"]) == len(cell["d"]) == 5
            assert len(cell["better"]) == len(cell["clear"]) == 41


def test_bands_of_a_are_left_out_when_they_are_known(client):
    cell = ask(client, with_a=False).json()["cells"]["homicides"]["removal-splits"]
    assert "a" not in cell
    assert "b" in cell


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ({"b": "coordinated-strike"}, "did you mean 'coordinated-strikes'"),
        ({"levers": {"treatment": 7}}, "0 to 1"),
        ({"levers": {"no_lever": 1}}, "unknown lever"),
        ({"measures": ["homicide"]}, "did you mean 'homicides'"),
        ({"worlds": 100}, "worlds"),
        ({"worlds": 1_000_000}, "worlds"),
        ({"session": "<script>"}, "session"),
        ({"unknown": 1}, "unknown"),
        ({"b": "__import__('os')"}, "b"),
        ({"measures": ["homicides"] * 50}, "measures"),
    ],
)
def test_a_bad_question_is_answered_in_one_sentence(client, question, words):
    found = ask(client, **question)
    assert found.status_code == 422
    assert words in found.json()["error"]
    assert "\n" not in found.json()["error"]


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"levers": {"treatment": NaN}}', b'{"levers": {"treatment": 1e999}}'],
)
def test_what_is_no_question_is_refused(client, body):
    found = client.post("/api/compare", content=body, headers={"content-type": "application/json"})
    assert found.status_code in (400, 422)
    assert found.json()["error"]


def test_long_questions_and_addresses_are_refused(client):
    assert client.post("/api/compare", content=b" " * (LONGEST_BODY + 1)).status_code == 413
    assert client.get("/api/explain/" + "x" * 5000).status_code == 414


def test_other_sites_are_refused(address, client):
    assert client.get("/api/case", headers={"origin": "https://elsewhere.example"}).status_code == 403
    assert client.get("/api/case", headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert client.get("/api/case", headers={"origin": "null"}).status_code == 403
    assert client.get("/api/case", headers={"origin": address.rstrip("/")}).status_code == 200


def test_a_link_on_another_site_opens_the_page(client):
    """Somebody follows a link in a mail or a chat; the page itself holds no figure."""
    followed = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    assert client.get("/", headers=followed).status_code == 200
    assert client.get("/api/case", headers=followed).status_code == 403
    assert client.get("/", headers=followed | {"sec-fetch-dest": "iframe"}).status_code == 403


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nhost: 127.0"])
def test_a_connection_that_stays_silent_is_closed(sent):
    from crosscurrent.web.connections import PatientProtocol

    class Impatient(PatientProtocol):
        head_seconds, most = 0.4, 3

    with served(protocol=Impatient) as address:
        host, port = address.removeprefix("http://").rstrip("/").split(":")
        with socket.create_connection((host, int(port)), timeout=10) as silent:
            silent.sendall(sent)
            assert httpx.get(address, timeout=10).status_code == 200
            begun = time.monotonic()
            assert silent.recv(10) == b""
            assert time.monotonic() - begun < 5
        many = [socket.create_connection((host, int(port)), timeout=10) for _ in range(4)]
        assert many[-1].recv(10) == b""  # the fourth of one address finds no place
        for each in many:
            each.close()


def test_a_name_that_is_not_ours_is_refused(client):
    """A page elsewhere that points its own name at this computer gets nothing."""
    assert client.get("/", headers={"host": "elsewhere.example"}).status_code == 421


def test_a_token_is_asked_for_when_others_can_reach_the_server():
    with served(token="secret-token", hosts=()) as found, httpx.Client(base_url=found) as client:
        assert client.get("/").status_code == 200
        assert client.get("/api/case").status_code == 401
        assert client.get("/api/case", headers={"x-crosscurrent-token": "wrong"}).status_code == 401
        odd = client.get("/api/case", headers={b"x-crosscurrent-token": "señal".encode("latin-1")})
        assert odd.status_code == 401
        assert client.get("/api/case", headers={"x-crosscurrent-token": "secret-token"}).status_code == 200


def test_a_question_that_never_ends_is_given_up(monkeypatch):
    import crosscurrent.web.guard as guard

    monkeypatch.setattr(guard, "_BODY_SECONDS", 0.3)
    with served() as found:
        host, port = found.removeprefix("http://").rstrip("/").split(":")
        with socket.create_connection((host, int(port)), timeout=10) as slow:
            head = f"POST /api/compare HTTP/1.1\r\nHost: {host}\r\nContent-Length: 100\r\n\r\n{{"
            slow.sendall(head.encode())
            assert b" 408 " in slow.recv(200)


def test_a_rate_is_limited_and_says_when_to_come_back():
    with served(limit=RateLimit(3, 0.1)) as found, httpx.Client(base_url=found) as client:
        codes = [client.get("/api/case").status_code for _ in range(5)]
        assert codes == [200, 200, 200, 429, 429]
        assert client.get("/api/case").headers["retry-after"] == "1"


def test_a_stale_question_is_cancelled(client):
    """A later question of the same page stops an earlier one; one that is late already is refused."""
    levers = {"dialogue": 0.777}
    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(ask, client, levers=levers, worlds=1024, session="tab", sequence=1)
        time.sleep(0.15)
        fast = ask(client, levers={"dialogue": 0.111}, session="tab", sequence=2)
        assert fast.status_code == 200
        assert slow.result().status_code in (409, 200)
    assert ask(client, session="tab", sequence=1).status_code == 409


def test_lookups(client):
    found = client.get("/api/explain/succession_rate").json()
    assert found["kind"] == "parameter"
    assert found["evidence"]
    assert found["origins"] <= len(found["evidence"])
    assert len(found["by_theory"]) == len(laboratory().theories)
    assert client.get("/api/explain/homicides").json()["assumptions"]
    assert client.get("/api/explain/nothing-of-the-kind").status_code == 422
    sources = client.get("/api/sources").json()
    assert {row["id"] for row in sources["records"]} == set(laboratory().case.evidence)
    assert set(client.get("/api/words/es").json()) == set(client.get("/api/words/en").json())
    assert client.get("/api/words/fr").status_code == 422


def test_no_answer_names_a_group_or_a_corridor_under_strikes(client):
    """Measures are of countries; nothing finer leaves the server."""
    names = {row["id"] for row in client.get("/api/case").json()["measures"]}
    assert not {name for name in names if "corridor" in name or "rank" in name}


def test_fifty_pages_at_once_all_get_their_answer(address, record_property):
    """None is lost; how long the last one waits is reported."""

    def one(number: int) -> tuple[int, float]:
        begun = time.monotonic()
        with httpx.Client(base_url=address, timeout=60) as client:
            found = ask(client, levers={"dialogue": round(0.01 * number, 2)}, session=f"s{number}", sequence=1)
        return found.status_code, time.monotonic() - begun

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(one, range(50)))
    assert {status for status, _ in answers} == {200}
    waits = sorted(wait for _, wait in answers)
    record_property("median_seconds", round(waits[25], 3))
    record_property("slowest_seconds", round(waits[-1], 3))
    assert waits[-1] < 30


@pytest.mark.slow
def test_no_question_that_fits_the_description_breaks_the_server():
    """Questions drawn from the server's own description: answers or clear refusals, never a failure of the server."""
    schemathesis = pytest.importorskip("schemathesis")
    from hypothesis import HealthCheck, given, settings

    application = make_application(laboratory(), hosts=(), limit=RateLimit(10**6, 10**6))
    schema = schemathesis.openapi.from_asgi("/openapi.json", application)
    tried = 0
    for operation in schema.get_all_operations():
        made = operation.ok()
        if made.path in ("/api/record", "/api/claims"):  # long computations, tested on their own
            continue

        @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(case=made.as_strategy())
        def answers(case):
            found = case.call()
            assert found.status_code < 500, (case.path, case.body, found.text)
            if found.status_code == 422:
                assert json.loads(found.text)["error"]

        answers()
        tried += 1
    assert tried >= 6


def test_every_lever_leads_to_its_own_sources(client):
    levers = client.get("/api/case").json()["levers"]
    found = [client.get(f"/api/explain/{row['explained_as']}").json() for row in levers]
    assert [(each["kind"], each["name"]) for each in found] == [("lever", row["id"]) for row in levers]


@pytest.mark.parametrize("begun", [False, True])
def test_what_a_stopping_server_cuts_off_is_refused_and_is_no_fault(begun):
    """Uvicorn cancels what is in work when its patience ends; a cancelled answer would be told as a fault of ours."""
    sent = []

    async def slow(scope, receive, send):
        if begun:
            await send({"type": "http.response.start", "status": 200, "headers": []})
        await asyncio.sleep(60)

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def stop():
        scope = {"type": "http", "path": "/", "method": "GET", "headers": [], "client": ("127.0.0.1", 1)}
        task = asyncio.create_task(Guard(slow, hosts=())(scope, receive, send))
        await asyncio.sleep(0.05)
        task.cancel()
        await task

    asyncio.run(stop())
    assert [message["status"] for message in sent if "status" in message] == [200 if begun else 503]
