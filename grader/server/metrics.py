"""How the server does, for programs that watch it: Prometheus' text format."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector
from starlette.responses import Response

from grader.server.asking import Asked
from grader.server.service import Service
from grader.store.grades.figures import STEPS, figures


def metrics(asked: Asked) -> Response:
    """Tell how the class and this process do, in numbers that are about nobody in particular.

    Nothing is counted here that the gradebook knows: all processes that serve a course tell the same, also after they
    were started anew.
    """
    registry = CollectorRegistry()
    registry.register(_Course(asked.service))
    return Response(generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4})


class _Course(Collector):
    """The figures of a course. What the gradebook knows is the same from every process that serves it."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def collect(self) -> Iterator[Metric]:
        words = "When this process began to serve, in Unix time."
        yield GaugeMetricFamily("course_web_start_time_seconds", words, self._service.began)
        now = figures(self._service.book.database)
        queue = GaugeMetricFamily("course_queue_submissions", "Hand-ins without a verdict.", labels=["state"])
        for state, count in now.unjudged.items():
            queue.add_metric([state.value], count)
        yield queue
        yield GaugeMetricFamily("course_queue_oldest_seconds", "How long the oldest of them has waited.", now.oldest)
        yield CounterMetricFamily("course_hand_ins", "Hand-ins that were accepted.", now.taken)
        words = "Hand-ins that were refused since this process began, by the answer's status."
        refused = CounterMetricFamily("course_hand_ins_refused", words, labels=["status"])
        for status, count in sorted(self._service.refused.copy().items()):
            refused.add_metric([str(status)], count)
        yield refused
        words = "Questions about grades that nobody has answered."
        open_ones = self._service.questions.open(self._service.book.forgotten())
        yield GaugeMetricFamily("course_questions_open", words, open_ones)
        yield CounterMetricFamily("course_void", "How often a hand-in could not be judged.", now.void)
        steps = [(str(step), float(count)) for step, count in zip(STEPS, now.within, strict=True)]
        yield HistogramMetricFamily(
            "course_verdict_seconds", "From a hand-in to its first verdict.",
            [*steps, ("+Inf", float(now.judged))], now.seconds,
        )  # fmt: skip
