import json
import shutil
import time
from pathlib import Path

import pytest

from localoffer.directory.sources.download import Download, Limits
from localoffer.directory.sources.feeds import open_feed
from localoffer.directory.sources.records import FeedError
from tests.directory.serving import send, serving

FIXTURES = Path(__file__).parent / "fixtures"
SMALL = Limits(size=2_000_000, blank=200_000, pages=6, seconds=5, timeout=1, wait=1, tries=3)


def service(number, **fields):
    return {"id": f"s{number}", "name": f"Service {number}", "status": "active", **fields}


def page(number, of, records, **fields):
    return {
        "total_items": of * len(records),
        "total_pages": of,
        "page_number": number,
        "size": len(records),
        "first_page": number == 1,
        "last_page": number == of,
        "empty": not records,
        "contents": records,
        **fields,
    }


def number_in(query):
    return int(dict(pair.split("=") for pair in query.split("&") if pair).get("page", 1))


def opened(answer, path="/services", limits=SMALL):
    with serving(answer) as address:
        return open_feed(address + path, limits=limits)


def failure(answer, path="/services", limits=SMALL):
    with serving(answer) as address, pytest.raises(FeedError) as caught:
        open_feed(address + path, limits=limits)
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "form", "complete", "kept"),
    [
        ("hsds_services.json", "Open Referral UK 3.0 (HSDS 3)", True, 3),
        ("oruk1_services.json", "Open Referral UK 1.0", True, 1),
        ("scout_services.json", "Outpost (Scout) JSON", False, 2),
        ("outpost.csv", "Outpost spreadsheet", True, 2),
    ],
)
def test_file_is_known_by_what_it_holds(name, form, complete, kept):
    feed = open_feed(str(FIXTURES / name))

    assert (feed.form, feed.complete, feed.key) == (form, complete, f"file:{name}")
    assert sum(read.service is not None for read in feed.services()) == kept


@pytest.mark.parametrize(
    ("wrap", "complete"),
    [
        (lambda records: records, True),
        (lambda records: {"services": records}, True),
        (lambda records: records[0], False),
        (lambda records: {"id": "o", "name": "Trust", "services": records}, False),
        (lambda records: page(2, 2, records), False),
        (lambda records: page(1, 2, records), False),
        (lambda records: page(1, 1, records, total_items=9), False),
    ],
    ids=["list", "services", "one service", "organisation", "last page", "first page", "cut list"],
)
def test_only_a_whole_list_is_complete(tmp_path, wrap, complete):
    file = tmp_path / "feed.json"
    file.write_text(json.dumps(wrap([service(1)])))

    feed = open_feed(str(file))

    assert feed.complete is complete
    assert next(feed.services()).service.name == "Service 1"


def test_services_within_an_organisation_are_its_own(tmp_path):
    file = tmp_path / "feed.json"
    file.write_text(json.dumps({"id": "o", "name": "Trust", "services": [service(1)]}))

    assert next(open_feed(str(file)).services()).service.organisation.name == "Trust"


def test_of_two_records_with_one_id_the_second_is_refused(tmp_path):
    file = tmp_path / "feed.json"
    file.write_text(json.dumps([service(1), service(2), service(1), None, "x"]))

    reads = list(open_feed(str(file)).services())

    assert [(read.where, read.refusal) for read in reads if read.refusal] == [
        ("record 3", "its id is that of record 1 already"),
        ("record 4", "it is not a record: braces with names and values are expected"),
        ("record 5", "it is not a record: braces with names and values are expected"),
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b" \n \t ", "is empty"),
        (b"\0" * 10_000, "is empty"),
        (b"<!DOCTYPE html><html></html>", r"is a web page \(HTML\)"),
        (b'{"contents": [{"id": "1", "name": "Cut', "is cut short: its JSON stops at line 1"),
        (b'{"contents": [{"id": "1"},', "is cut short"),
        (b'{"contents": nonsense}', "is not valid JSON"),
        (b'{"contents": []}', "lists no services"),
        (b'{"contents": {}}', "none of its 1 records is a service"),
        (b'{"contents": [null, 1]}', "none of its 2 records is a service"),
        (b'{"contents": [{"id": "1", "name": "Org", "website": "x"}]}', "is a service"),
        (b'{"a": 1}', "no list of services"),
        (b"[" * 100_000, "cannot be read|nested"),
        (b'{"contents": ["\xff"]}', "not UTF-8"),
        (b"apples,pears\n1,2\n", "Give a column map"),
    ],
)
def test_file_that_holds_no_services_says_what_is_wrong(tmp_path, content, words):
    file = tmp_path / "feed.json"
    file.write_bytes(content)
    if words.startswith("Give"):
        file = file.rename(tmp_path / "feed.csv")

    with pytest.raises(FeedError, match=words):
        open_feed(str(file))


def test_file_that_is_not_there_or_too_large_or_a_folder_says_so(tmp_path):
    large = tmp_path / "large.json"
    large.write_bytes(b" " * 3_000_000)

    for path, words in [
        (tmp_path / "none.json", "There is no file"),
        (tmp_path, "is a folder"),
        (large, "we read up to 2 MB"),
    ]:
        with pytest.raises(FeedError, match=words):
            open_feed(str(path), limits=SMALL)


@pytest.mark.parametrize("address", ["ftp://example.org/x", "file:///etc/passwd", "data://x"])
def test_only_files_and_http_are_read(address):
    with pytest.raises(FeedError, match="Only files and addresses with http"):
        open_feed(address)


def test_pages_are_followed_to_the_last():
    def answer(handler, path, query):
        number = number_in(query)
        send(handler, json.dumps(page(number, 3, [service(number, schedules=[])])))

    feed = opened(answer)

    assert feed.complete
    assert [read.service.name for read in feed.services()] == [
        "Service 1",
        "Service 2",
        "Service 3",
    ]
    assert [read.where for read in feed.services()][-1] == "page 3, record 1"


def test_pages_of_version_1_that_count_from_nought_are_followed():
    def answer(handler, path, query):
        number = int(query.removeprefix("page=") or 0)
        record = service(number, service_taxonomys=[])
        body = {"totalElements": 2, "totalPages": 2, "number": number, "content": [record]}
        send(handler, json.dumps(body))

    feed = opened(answer)

    assert (len(feed), feed.complete, feed.form) == (2, True, "Open Referral UK 1.0")


def test_a_feed_that_ends_with_an_empty_page_ends_there():
    def answer(handler, path, query):
        number = number_in(query)
        records = [service(number, schedules=[])] if number < 3 else []
        send(handler, json.dumps({"last_page": False, "empty": not records, "contents": records}))

    assert len(opened(answer)) == 2


def test_the_root_of_a_feed_leads_to_its_services():
    def answer(handler, path, query):
        if path == "/oruk/services":
            send(handler, json.dumps(page(1, 1, [service(1, schedules=[])])))
        else:
            send(handler, json.dumps({"version": "HSDS-UK-3.0", "openapi_url": "x"}))

    feed = opened(answer, "/oruk")

    assert len(feed) == 1


def test_summaries_are_replaced_by_full_records_and_one_that_is_not_there_is_refused():
    def answer(handler, path, query):
        if path == "/services":
            send(handler, json.dumps(page(1, 1, [service(1), service(2)])))
        elif path == "/services/s1":
            send(handler, json.dumps(service(1, fees_description="Free", schedules=[])))
        else:
            send(handler, "{}", status=404)

    reads = list(opened(answer).services())

    assert reads[0].service.fees == "Free"
    assert reads[1].refusal == "its full record is not there (404 not found)"
    assert reads[1].source_id == "s2"


def test_the_same_page_again_and_again_is_stopped():
    def answer(handler, path, query):
        body = {"last_page": False, "contents": [service(1, schedules=[])]}
        send(handler, json.dumps(body))

    assert "sends the same page again as page 2" in failure(answer)


def test_pages_without_end_are_stopped():
    def answer(handler, path, query):
        body = {"last_page": False, "contents": [service(number_in(query), schedules=[])]}
        send(handler, json.dumps(body))

    assert "has not ended after 6 pages" in failure(answer)


def test_nothing_without_end_is_stopped_early():
    sent = []

    def answer(handler, path, query):
        handler.send_response(200)
        handler.end_headers()
        handler.close_connection = True
        for _ in range(1_600):
            handler.wfile.write(b" " * 65_536)
            sent.append(65_536)

    assert "sends nothing but blanks" in failure(answer)
    assert sum(sent) < 20_000_000


def test_more_than_we_read_is_stopped():
    def answer(handler, path, query):
        handler.send_response(200)
        handler.end_headers()
        handler.close_connection = True
        handler.wfile.write(b'{"contents": [')
        for _ in range(200):
            handler.wfile.write(b"1," * 32_768)

    assert "sends more than 2 MB" in failure(answer)


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (404, "<html>", "There is nothing at"),
        (500, "oops", "answered 500"),
        (403, "no", "answered 403"),
        (200, "<!doctype html><title>Sign in</title>", "is a web page"),
        (200, '{"contents": [{"id": "1", "na', "is cut short"),
        (200, "", "is empty"),
        (200, "[]", "lists no services"),
    ],
)
def test_an_answer_that_is_no_feed_says_what_it_is(status, body, words):
    assert words in failure(lambda handler, path, query: send(handler, body, status=status))


def test_a_feed_that_breaks_off_on_a_later_page_gives_nothing():
    def answer(handler, path, query):
        if number_in(query) == 1:
            send(handler, json.dumps(page(1, 2, [service(1, schedules=[])])))
        else:
            handler.send_response(200)
            handler.send_header("Content-Length", "5000")
            handler.end_headers()
            handler.wfile.write(b'{"contents": [')
            handler.close_connection = True

    assert "broke off in the middle" in failure(answer)


def test_a_busy_server_is_asked_again_after_the_time_it_names():
    asked, pauses = [], []

    def answer(handler, path, query):
        asked.append(path)
        if len(asked) < 3:
            send(handler, "", status=429, Retry_After="1")
        else:
            send(handler, json.dumps([service(1, schedules=[])]))

    with serving(answer) as address:
        feed = open_feed(f"{address}/x", download=Download(SMALL, pause=pauses.append))

    assert (len(feed), len(asked), pauses) == (1, 3, [1, 1])


@pytest.mark.parametrize(
    ("retry_after", "words"),
    [
        ("86400", "asks us to come back in 86,400 seconds"),
        ("Fri, 01 Jan 2100 00:00:00 GMT", "asks us to come back in"),
        ("0", "is busy (we asked 3 times)"),
    ],
)
def test_a_server_that_stays_busy_is_left_alone(retry_after, words):
    def answer(handler, path, query):
        send(handler, "", status=503, Retry_After=retry_after)

    assert words in failure(answer)


def test_a_silent_server_is_given_up():
    def answer(handler, path, query):
        handler.rfile.read(1)

    assert "did not answer within" in failure(answer, limits=Limits(timeout=0.2))


def test_a_server_that_sends_us_round_in_circles_is_left():
    def answer(handler, path, query):
        send(handler, "", status=302, Location=f"{path}x")

    assert "sends us on more than 5 times" in failure(answer)


def test_a_redirect_is_followed_without_reading_what_comes_with_it():
    def answer(handler, path, query):
        if path == "/old":
            handler.send_response(301)
            handler.send_header("Location", "/new")
            handler.end_headers()
            handler.close_connection = True
            for _ in range(1_000):
                handler.wfile.write(b" " * 65_536)
        else:
            send(handler, json.dumps([service(1, schedules=[])]))

    assert len(opened(answer, "/old")) == 1


def test_a_trickle_is_stopped_in_time():
    def answer(handler, path, query):
        handler.send_response(200)
        handler.end_headers()
        handler.close_connection = True
        for _ in range(200):
            handler.wfile.write(b"[")
            handler.wfile.flush()
            time.sleep(0.02)

    assert "was still sending after" in failure(answer, limits=Limits(seconds=0.3))


def test_something_badly_compressed_says_so():
    def answer(handler, path, query):
        send(handler, b"not gzip", Content_Encoding="gzip")

    assert "compressed that cannot be unpacked" in failure(answer)


@pytest.mark.parametrize("address", ["http://", "http://[", "http://exa mple.org/", "https://.../"])
def test_an_address_that_is_none_says_so(address):
    with pytest.raises(FeedError, match="not an address of a website"):
        open_feed(address, limits=SMALL)


def test_a_redirect_to_something_that_is_not_the_web_is_refused():
    def answer(handler, path, query):
        send(handler, "", status=302, Location="file:///etc/passwd")

    assert "not http:// or https://" in failure(answer)


def test_an_address_that_nobody_answers_says_so():
    with serving(lambda handler, path, query: None) as address:
        pass

    with pytest.raises(FeedError, match="cannot be reached"):
        open_feed(f"{address}/services", limits=SMALL)


def test_a_table_can_be_fetched_too():
    content = (FIXTURES / "outpost.csv").read_bytes()

    feed = opened(lambda handler, path, query: send(handler, content, kind="text/csv"), "/list.csv")

    assert (feed.form, len(feed)) == ("Outpost spreadsheet", 4)


def test_the_key_of_an_address_leaves_out_the_page_and_any_password():
    body = json.dumps([service(1, schedules=[])])
    with serving(lambda handler, path, query: send(handler, body)) as address:
        plain = open_feed(f"{address}/v3/services").key
        paged = open_feed(
            f"{address.replace('//', '//user:secret@')}/v3/services/?per_page=9&page=1"
        ).key

    assert plain == paged == f"{address}/v3"


def test_a_name_for_the_source_stands_for_the_file(tmp_path):
    file = shutil.copy(FIXTURES / "outpost.csv", tmp_path / "November.csv")

    assert open_feed(str(file), key="outpost").key == "outpost"


@pytest.mark.parametrize(
    ("name", "records", "kept"),
    [
        ("search/severnshire-hsds.json", 993, 993),
        ("directory/bucks_fis_scout_services.json", 20, 20),
        ("directory/outpost_services_valid.csv", 2, 2),
        ("directory/outpost_services_sample.csv", 2, 2),
        ("oruk/hsds-uk-mocks/V3.0-UK-Default/service_list.json", 1, 1),
        ("oruk/hsds-uk-mocks/V3.0-UK-Default/service_full.json", 1, 1),
        ("oruk/hsds-uk-mocks/V3.0-UK-Default/organization.json", 1, 1),
        ("oruk/hsds-uk-mocks/V3.0-UK-Warn/service_list.json", 1, 1),
        ("oruk/hsds-uk-mocks/V3.0-UK-Warn/service_full.json", 1, 1),
        ("oruk/hsds-uk-mocks/V3.0-UK-Fail/service_list.json", 4, 0),
        ("oruk/hsds-uk-mocks/V3.0-UK-Fail/service_full.json", 1, 1),
        ("oruk/hsds-uk-mocks/V3.0-UK-Test/service_list.json", 128, 1),
        ("oruk/hsds-3.0/examples/service_full.json", 1, 1),
        ("oruk/hsds-3.0/examples/organization_full.json", 1, 1),
    ],
)
def test_real_file_is_read(shared, name, records, kept):
    feed = open_feed(str(shared / name))

    assert len(feed) == records
    assert sum(read.service is not None for read in feed.services()) == kept


@pytest.mark.parametrize("mocks", ["Default", "Warn", "Fail"])
def test_real_mock_that_is_no_list_of_services_is_refused(shared, mocks):
    folder = shared / "oruk" / "hsds-uk-mocks" / f"V3.0-UK-{mocks}"
    for name in ["api_details", "taxonomy_list", "taxonomy_term", "service_at_location_list"]:
        with pytest.raises(FeedError, match="service"):
            open_feed(str(folder / f"{name}.json"))
