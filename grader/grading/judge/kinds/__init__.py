"""The kinds of exercise, as they are judged."""

from typing import Any

from grader.core.course.checks.author_tests import Tested
from grader.core.course.exercise import Coded, Mixed, Stated
from grader.core.course.facets import Facets
from grader.core.course.questions import Questions
from grader.grading.judge.kinds.coded import CodedKind
from grader.grading.judge.kinds.kind import Kind
from grader.grading.judge.kinds.mixed import MixedKind
from grader.grading.judge.kinds.questions import QuestionsKind
from grader.grading.judge.kinds.stated import StatedKind
from grader.grading.judge.kinds.tested import TestedKind

KINDS: Facets[Kind[Any, Any, Any]] = Facets(
    {Stated: StatedKind(), Coded: CodedKind(), Tested: TestedKind(), Mixed: MixedKind(), Questions: QuestionsKind()}
)
