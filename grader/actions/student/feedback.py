"""Judge a submission once more, to look at it: nothing is recorded."""

from __future__ import annotations

from dataclasses import replace

from grader.actions.student.judgement import Judgement
from grader.actions.student.submission import Request, handed_in, submitter
from grader.actions.student.submit import judged
from grader.core.course.variants import of_student
from grader.grading.judge.judge import MakeBox
from grader.store.course.course_files import CourseFiles
from grader.store.students.submissions import earlier_submissions, newest_submission


def feedback(files: CourseFiles, request: Request, make_box: MakeBox) -> Judgement:
    """Judge what `request` names; otherwise the student's last recorded submission, and only then what is in work/.

    Raises:
        UsageFault: where there is nothing to grade, or not for this exercise.
        CourseInvalid, CouldNotJudge: as the judging does.
    """
    exercise = files.exercise(files.require(request.exercise_id))
    student = submitter(request)
    newest = None
    if request.file is None and not request.answers:
        newest = newest_submission(files.root, student, exercise.id)
        request = replace(request, file=newest)
    exercise = of_student(exercise, student)
    submission = handed_in(files, exercise, request)
    earlier = earlier_submissions(files.root, student, exercise.id, newest.parent if newest else None)
    return judged(files, exercise, submission, student, request.seed, make_box, earlier)
