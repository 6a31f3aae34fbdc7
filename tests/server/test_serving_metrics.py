"""What programs that watch the server may read: right numbers, about nobody, and nothing without a token."""

from __future__ import annotations

import time

import pytest
from browsing import HOSTILE
from prometheus_client.parser import text_string_to_metric_families
from served import Served, hand_in, page_of
from test_pages import give, report

TOKEN = "q8yZ4mT0v6Lr2Xc9Wb1Nd7Kf"


def told(text: str) -> dict[str, float]:
    """Return the samples of an answer, read as Prometheus reads them."""
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {each.name + "".join(f" {value}" for value in each.labels.values()): each.value for each in samples}


def test_numbers_are_those_of_the_gradebook_and_name_nobody(served: Served) -> None:
    served.service.metrics_token = TOKEN
    page_of(hand_in(served.as_("s001"), "4.5", program="x = 1"))
    give(served, page_of(hand_in(served.as_("s002"), "4.5", (f"{HOSTILE}.py", f"# {HOSTILE}\n"))), report(HOSTILE))
    assert hand_in(served.as_("s001"), "4.1", dloss_dw="").status_code == 422
    # A program comes by another address than browsers do.
    answer = served.browser().get("/metrics", headers={"authorization": f"Bearer {TOKEN}", "host": "web:8000"})
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    seen = told(answer.text)
    assert (seen["course_queue_submissions waiting"], seen["course_queue_submissions stuck"]) == (1, 0)
    assert (seen["course_hand_ins_total"], seen["course_hand_ins_refused_total 422"]) == (2, 1)
    assert seen["course_verdict_seconds_count"] == seen["course_verdict_seconds_bucket 60.0"] == 1
    assert seen["course_queue_oldest_seconds"] > 0 and 0 < time.time() - seen["course_web_start_time_seconds"] < 3600
    assert not any(word in answer.text for word in ("s001", "s002", "Gʻulom", HOSTILE, "4.5"))


@pytest.mark.parametrize("ours", ["", TOKEN])
@pytest.mark.parametrize("sent", ["", "Bearer", "Bearer ", f"Bearer {TOKEN}x", f"Basic {TOKEN}", TOKEN, "Bearer ʻ"])
def test_who_has_no_token_finds_nothing_whoever_is_signed_in(served: Served, ours: str, sent: str) -> None:
    served.service.metrics_token = ours
    headers = {b"authorization": sent.encode()}
    assert served.as_("Nodira").get("/metrics", headers=headers).status_code == 404  # type: ignore[arg-type]
