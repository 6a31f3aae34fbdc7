"""Each check's verdict, and why: programs against the solution's observations, stated values against autograd's."""

import math
from dataclasses import replace
from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP, Context, Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.core.autodiff.expression import parse
from grader.core.autodiff.graph import Derivative, Graph, Node
from grader.core.compare.kinds.final import CompareFinal
from grader.core.compare.kinds.gradient import CompareGradient
from grader.core.compare.kinds.output import CompareOutput
from grader.core.compare.kinds.parameter import CompareParameter
from grader.core.compare.kinds.stores import CompareStores
from grader.core.compare.kinds.trace import CompareTrace
from grader.core.compare.kinds.value import CompareValue
from grader.core.course.checks.call import Call
from grader.core.course.checks.given import Given
from grader.core.course.checks.limits import Limits
from grader.core.course.draws.draw import Array
from grader.core.course.draws.uniform import Uniform
from grader.core.course.exercise import Ask, Check, Coded, Stated
from grader.core.findings.telling import told_check
from grader.core.judge.judge import judge_case, skipped, void
from grader.core.judge.reference import ReferenceFault, reference_of
from grader.core.program.source import Source
from grader.core.report.finding import finding
from grader.core.report.report import CheckResult, Report, Verdict
from grader.core.run.observation import Called, Loaded, Raised, Ran, Run, RunStatus, Stop, Value
from grader.core.run.plan import probe_numbers
from grader.core.run.trace import Backward, Leaf, Trace
from grader.core.stated.judge import ask_allowed, judge_asks

STEADY = settings(deadline=None, derandomize=True)
SEED = bytes(32)
WORK = Coded(b"", ())
SOURCE = Source("import torch\n\ndef forward(x):\n    return x / 0\n", "prog.py")
FORWARD = Check(
    "forward",
    2,
    (CompareValue(),),
    calls=(Call("forward", ("x",)),),
    args={"x": Uniform(-5, 5)},
    examples=({"x": Array((), (4.0,))},),
    repeat=2,
)
LOSS = replace(
    FORWARD,
    name="loss",
    calls=(Call("loss", ("y_pred", "y")), Call("loss", ("x", "y"))),
    args={"x": Uniform(0.5, 3), "y": Uniform(0.5, 3), "y_pred": Uniform(0.5, 3)},
    examples=(),
    repeat=3,
)
SCRIPT = Check("loop", 4, (CompareFinal("w"),), script=True, given={"x": Given(Uniform(0.5, 3))}, repeat=2)


def number(value, dtype="float32"):
    return Value("tensor", "Tensor", dtype, data=np.array(float(value)))


def answering(check, *functions):
    """Return the run of a submission: for each signature a function of the probe's numbers, or what the call gave."""
    called = []
    for function in functions:
        for arrays in probe_numbers(check, SEED):
            numbers = {name: array.numbers[0] for name, array in arrays.items()}
            called.append(function if isinstance(function, Called) else Called(values=(number(function(**numbers)),)))
    return Run(RunStatus.COMPLETED, called=tuple(called))


def scripted(status=RunStatus.COMPLETED, **parts):
    """Return two runs of a script, one a probe; `parts` go into what the run left."""
    left = {"raised": None, "unbound": (), "odd": {}, "trace": None, "stores": None, "finals": {"w": number(2)}}
    return [Run(status, ran=Ran(**{**left, **parts}))] * 2


def stopped(stop, detail="", status=RunStatus.CRASHED):
    return [Run(status, stop, detail)] * 2


def judged(check, runs, solution, work=WORK, source=SOURCE, single=None):
    runs, solution = ([each] if isinstance(each, Run) else each for each in (runs, solution))
    reference = reference_of(check, SOURCE, SEED, solution, single or solution)
    return judge_case(check, work, source, SEED, runs, reference)[0]


def forward(*functions):
    return judged(FORWARD, answering(FORWARD, *functions), answering(FORWARD, lambda x: 2 * x))


def loss(*functions, calls=LOSS.calls):
    check = replace(LOSS, calls=calls)
    return judged(check, answering(check, *functions), answering(LOSS, lambda x, y, y_pred: y_pred - y))


def script(runs, **more):
    return judged(SCRIPT, runs, scripted(), **more)


def said(result):
    return [sentence.said(str) for sentence in told_check(result)]


def outcome(result):
    return result.status, result.verdict, result.score


# Calls


def test_a_right_function_passes_with_all_points_and_no_words():
    result = forward(lambda x: 2 * x)
    assert outcome(result) == (RunStatus.COMPLETED, Verdict.PASS, 2)
    assert said(result) == []


def test_a_wrong_function_fails_and_is_told_its_first_wrong_probe():
    result = forward(lambda x: x + 1)
    assert outcome(result) == (RunStatus.COMPLETED, Verdict.FAIL, 0)
    assert said(result) == ["forward(x) at x = 4 is 5; expected 8."]


def test_of_the_probes_that_are_wrong_one_of_usual_numbers_is_told_before_a_huge_one():
    check = replace(FORWARD, examples=({"x": Array((), (4e18,))}, {"x": Array((), (4.0,))}))
    solution = answering(check, lambda x: 2 * x)
    everywhere, there = (judged(check, answering(check, each), solution) for each in (lambda x: 3 * x, _off_if_huge))
    assert said(everywhere) == ["forward(x) at x = 4 is 12; expected 8."]
    assert said(there) == ["forward(x) at x = 4e+18 is 0; expected 8e+18."]


def _off_if_huge(x):
    return 0 if x > 1e6 else 2 * x


def test_a_function_that_knows_only_the_lectures_numbers_fails():
    result = forward(lambda x: 8)
    assert result.verdict is Verdict.FAIL
    assert said(result)[0].startswith("forward(x) at x = ")
    assert "x = 4 " not in said(result)[0]


def test_a_wrong_gradient_names_the_call_and_the_hidden_vector():
    check = replace(FORWARD, compare=(CompareValue(), CompareGradient("w")), repeat=0)
    right = Called(values=(number(8),), gradients={"w": (np.array(4.0),)})
    cut = replace(right, gradients={"w": (None,)})
    assert said(judged(check, answering(check, cut), answering(check, right))) == [
        "The gradient of forward(x) at x = 4 with respect to w, times a hidden vector: there is no gradient. "
        "The graph is cut between w and the result: look for .item(), .data, .detach() or a new tensor made from "
        "numbers."
    ]


def test_a_call_that_raises_is_an_error_with_the_students_line():
    result = forward(Called(raised=Raised("ZeroDivisionError", "division by zero", 4)))
    assert outcome(result) == (RunStatus.COMPLETED, Verdict.ERROR, 0)
    words = "forward(x) at x = 4 raised ZeroDivisionError: division by zero (prog.py:4: return x / 0)"
    assert said(result) == [words]


@pytest.mark.parametrize(
    ("functions", "words"),
    [
        (
            {"farward": "x", "loss": "x, y"},
            "There is no function forward. Did you mean farward? Functions found: farward(x), loss(x, y)",
        ),
        ({"loss": "x, y"}, "There is no function forward. Functions found: loss(x, y)"),
        ({}, "There is no function forward, and no other function at the top level."),
    ],
)
def test_a_missing_function_is_told_with_those_that_were_found(functions, words):
    run = replace(answering(FORWARD, Called(missing="forward")), loaded=Loaded(functions=functions))
    result = judged(FORWARD, run, answering(FORWARD, lambda x: 2 * x))
    assert (result.verdict, said(result)) == (Verdict.FAIL, [words])


def test_a_signature_that_does_not_take_the_call_is_told():
    result = forward(Called(signature="x, w"))
    assert (result.verdict, said(result)) == (Verdict.FAIL, ["forward(x, w) cannot be called as forward(x)."])


def test_a_function_without_parameters_has_an_empty_signature():
    assert said(forward(Called(signature=""))) == ["forward() cannot be called as forward(x)."]


def test_a_name_that_a_call_needs_belongs_at_the_top_level():
    result = forward(Called(unbound=("w",)))
    words = "Assign w at the top level of the program, outside of functions: the grader tries other numbers there."
    assert (result.verdict, said(result)) == (Verdict.FAIL, [words])


def test_statements_that_were_left_out_are_noted_behind_what_went_wrong():
    left_out = tuple(Raised("NameError", f"name 'v{line}' is not defined", line) for line in (1, 2, 3, 4))
    run = replace(answering(FORWARD, lambda x: x + 1), loaded=Loaded(skipped=left_out))
    first, *notes = said(judged(FORWARD, run, answering(FORWARD, lambda x: 2 * x)))
    assert first.startswith("forward(x) at x = 4 is 5")
    assert notes == [
        f"prog.py:{line} was skipped because it raised NameError: name 'v{line}' is not defined" for line in (1, 2, 3)
    ]


def test_a_run_that_stops_after_some_right_answers_is_an_error():
    run = replace(answering(FORWARD, lambda x: 2 * x), stop=Stop.WALL, status=RunStatus.TIMED_OUT)
    result = judged(FORWARD, replace(run, called=run.called[:2]), answering(FORWARD, lambda x: 2 * x))
    assert outcome(result) == (RunStatus.TIMED_OUT, Verdict.ERROR, 0)


def test_after_a_script_each_call_is_judged_in_the_run_of_its_probe():
    check = replace(FORWARD, script=True)
    right = answering(check, lambda x: 2 * x).called
    wrong = answering(check, lambda x: 3 * x).called
    solution = [Run(RunStatus.COMPLETED, called=(called,)) for called in right]
    assert judged(check, solution, solution).verdict is Verdict.PASS
    runs = [*solution[:-1], Run(RunStatus.COMPLETED, called=(wrong[-1],))]
    assert judged(check, runs, solution).verdict is Verdict.FAIL


# Alternative signatures


def first(x, y, y_pred):
    return y_pred - y


def neither(x, y, y_pred):
    return 99.0


def test_a_signature_that_holds_on_all_probes_is_named():
    assert said(loss(first, neither)) == ["Right with all inputs tried: loss(y_pred, y)"]
    result = loss(neither, first)
    assert (result.verdict, said(result)) == (Verdict.PASS, ["Right with all inputs tried: loss(x, y)"])


def test_a_signature_may_hold_where_another_cannot_even_be_called():
    assert loss(Called(signature="a"), first).verdict is Verdict.PASS


def test_two_signatures_that_each_hold_on_some_probes_do_not_make_one():
    start = probe_numbers(LOSS, SEED)[0]["x"].numbers[0]
    result = loss(
        lambda x, y, y_pred: y_pred - y if x == start else 99.0,
        lambda x, y, y_pred: y_pred - y if x != start else 99.0,
    )
    assert result.verdict is Verdict.FAIL
    assert said(result)[0].startswith("loss(x, y) at x = ")
    assert said(result)[-1] == "One of these must be right with all inputs tried: loss(y_pred, y), loss(x, y)"


def test_of_signatures_that_hold_nowhere_the_first_is_told():
    assert said(loss(neither, neither))[0].startswith("loss(y_pred, y) at x = ")


def test_a_signature_that_held_on_all_probes_passes_though_the_next_one_never_ended():
    right = answering(LOSS, first)
    run = replace(right, stop=Stop.WALL, status=RunStatus.TIMED_OUT)
    assert judged(LOSS, run, right).verdict is Verdict.PASS


def test_a_single_signature_is_not_named():
    assert said(loss(first, calls=LOSS.calls[:1])) == []


# Scripts


def test_a_right_script_passes():
    assert outcome(script(scripted())) == (RunStatus.COMPLETED, Verdict.PASS, 4)


def test_every_probe_of_a_script_has_to_be_right():
    runs = [scripted()[0], scripted(finals={"w": number(3)})[0]]
    assert said(script(runs)) == ["w after the run is 3; expected 2."]


@pytest.mark.parametrize(
    ("raised", "words"),
    [
        (Raised("NameError", "name 'y' is not defined", 4), "prog.py:4: NameError: name 'y' is not defined\n"),
        (
            Raised("EOFError", "EOF when reading a line", 4),
            "prog.py:4: the program waits for input(), but nobody types anything while it is graded. "
            "Write the value into the program: return x / 0",
        ),
        (
            Raised("ModuleNotFoundError", "No module named 'pandas'", 4),
            "prog.py:4: there is no package pandas where programs are graded; course doctor lists those that the "
            "course has. If pandas is a file of your own, put what you need from it into this file: return x / 0",
        ),
        (Raised("SystemExit", "0", 4), "prog.py:4: the program exits here: return x / 0"),
        (Raised("RecursionError", "too deep", 0), "prog.py: RecursionError: too deep\n    "),
    ],
)
def test_a_script_that_raises_is_an_error_with_the_students_line(raised, words):
    result = script(scripted(raised=raised, finals={}))
    assert result.verdict is Verdict.ERROR
    assert said(result)[0].startswith(words)


def test_a_required_name_that_is_never_bound_has_its_own_sentence():
    result = script(scripted(unbound=("x", "y"), finals={}))
    words = "Assign x at the top level of the program, outside of functions: the grader tries other numbers there."
    assert (result.verdict, said(result)) == (Verdict.FAIL, [words])


def test_a_given_name_that_is_bound_to_something_odd_is_told_by_its_type():
    result = script(scripted(odd={"x": "DataFrame"}))
    words = "x is of type DataFrame; expected a list or a tensor of numbers."
    assert (result.verdict, said(result)) == (Verdict.FAIL, [words])


@pytest.mark.parametrize(
    ("stop", "detail", "words"),
    [
        (Stop.WALL, "", "Stopped after 5 s: the program had not ended. Look for a loop that never ends."),
        (Stop.CPU, "", "Stopped after 2.5 s of computing. Look for a loop that never ends."),
        (Stop.MEMORY, "", "Stopped: the program needed more than 256 MiB of memory."),
        (
            Stop.OUTPUT,
            "",
            "Stopped: the program printed more than 64 KiB. Look for a print in a loop that never ends.",
        ),
        (Stop.SIGNAL, "11", "The program crashed (SIGSEGV)."),
        (Stop.SIGNAL, "?", "The program crashed (?)."),
        (
            Stop.EXIT,
            "3",
            "The program exited before it was done (exit code 3). Remove exit() and os._exit().",
        ),
        (Stop.WIRE, "", "The program disturbed its channel to the grader."),
    ],
)
def test_a_run_that_was_stopped_is_an_error_that_says_why(stop, detail, words):
    check = replace(SCRIPT, limits=Limits(wall=5.0, cpu=2.5, memory=256 * 2**20, output=64 * 1024))
    result = judged(check, stopped(stop, detail), scripted())
    assert (result.verdict, said(result)) == (Verdict.ERROR, [words])


def test_the_worst_status_of_the_runs_is_the_checks():
    runs = [scripted()[0], *stopped(Stop.MEMORY, status=RunStatus.OUT_OF_MEMORY)[:1]]
    assert script(runs).status is RunStatus.OUT_OF_MEMORY


# Rules

BY_HAND = replace(WORK, without_autograd=True)
TRACED = Trace((Backward(np.array([1.0]), (Leaf(np.array([1.0]), np.array([1.0]), None),)),), 1)


def test_a_program_that_uses_autograd_where_it_may_not_fails_though_its_numbers_are_right():
    source = Source("w = 1\n\nloss.backward()\n", "prog.py")
    result = script(scripted(), work=BY_HAND, source=source)
    words = "This exercise is done by hand, without autograd; prog.py:3 uses it: loss.backward()"
    assert (result.verdict, said(result)) == (Verdict.FAIL, [words])


def test_a_backward_pass_that_the_source_does_not_show_is_seen_in_the_run():
    result = script(scripted(trace=TRACED), work=BY_HAND)
    words = "This exercise is done by hand, without autograd; the run called a backward pass."
    assert (result.verdict, said(result)) == (Verdict.FAIL, [words])


def test_a_program_by_hand_passes_the_rule():
    assert script(scripted(trace=Trace((), 0)), work=BY_HAND).verdict is Verdict.PASS


def test_where_autograd_is_free_it_may_be_used():
    assert script(scripted(trace=TRACED), source=Source("loss.backward()\n", "prog.py")).verdict is Verdict.PASS


# What we could not judge, and what we did not look at


def test_a_run_whose_sandbox_failed_is_void_and_never_a_zero():
    runs = [scripted()[0], Run(RunStatus.SANDBOX_FAILED, Stop.SANDBOX, "no space left")]
    result = script(runs)
    assert outcome(result) == (RunStatus.SANDBOX_FAILED, Verdict.VOID, None)
    assert said(result) == ["This could not be judged, and it is not your fault: no space left"]


def test_a_void_result_without_a_reason_says_so():
    assert said(void("loop", 4, "")) == ["This could not be judged, and it is not your fault: ?"]


def test_a_skipped_check_names_the_one_that_it_needs():
    result = skipped(SCRIPT, "forward")
    assert outcome(result) == (RunStatus.NOT_RUN, Verdict.SKIPPED, 0)
    assert said(result) == ["Not checked: forward has to pass first."]


# The reference


def refusal(check, exact, single=None):
    with pytest.raises(ReferenceFault) as caught:
        reference_of(check, SOURCE, SEED, exact, single or exact)
    assert caught.value.check == check.name
    return caught.value.message.said(str)


def test_noise_is_what_float32_changes_over_all_probes():
    exact = [scripted(finals={"w": number(w)})[0] for w in (2, 0.5)]
    single = [scripted(finals={"w": number(w)})[0] for w in (2.25, 0.5)]
    reference = reference_of(SCRIPT, SOURCE, SEED, exact, single)
    assert [expected[0].noise for expected in reference.expected] == [{"w": 0.25}, {"w": 0.25}]


def test_noise_widens_what_is_accepted_on_every_probe():
    single = [scripted(finals={"w": number(w)})[0] for w in (2.0005, 2)]
    near = scripted(finals={"w": number(2.006)})
    assert judged(SCRIPT, near, scripted()).verdict is Verdict.FAIL
    assert judged(SCRIPT, near, scripted(), single=single).verdict is Verdict.PASS


def test_what_is_infinite_makes_no_noise():
    runs = scripted(finals={"w": number(math.inf)})
    reference = reference_of(SCRIPT, SOURCE, SEED, runs, runs)
    assert reference.expected[0][0].noise == {"w": 0}


def test_a_solution_that_is_stopped_is_no_reference():
    words = "Stopped after 10 s: the program had not ended. Look for a loop that never ends."
    assert refusal(SCRIPT, stopped(Stop.WALL)) == words
    assert refusal(SCRIPT, scripted(), stopped(Stop.WALL)) == words


def test_a_solution_that_raises_is_no_reference():
    raised = Raised("NameError", "name 'y' is not defined", 4)
    words = "prog.py:4: NameError: name 'y' is not defined\n    return x / 0"
    assert refusal(SCRIPT, scripted(raised=raised)) == words
    good = answering(FORWARD, lambda x: 2 * x)
    assert refusal(FORWARD, [replace(good, loaded=Loaded(skipped=(raised,)))]) == words
    assert refusal(FORWARD, [good], [replace(good, loaded=Loaded(skipped=(raised,)))]) == words


def test_a_solution_without_the_function_is_no_reference():
    words = "There is no function forward, and no other function at the top level."
    assert refusal(FORWARD, [answering(FORWARD, Called(missing="forward"))]) == words


@pytest.mark.parametrize("single", [{"w": Value("list", "list", data=np.zeros(2))}, {}])
def test_a_solution_that_fixes_a_dtype_is_no_reference(single):
    words = "the solution behaves differently in float32 and float64; it must not fix a dtype"
    assert refusal(SCRIPT, scripted(), scripted(finals=single)) == words


def test_a_solution_that_raises_in_float64_alone_is_told_that_it_must_not_fix_a_dtype():
    raised = Raised("RuntimeError", "expected scalar type Float but found Double", 4)
    words = refusal(SCRIPT, scripted(raised=raised), scripted())
    assert words.startswith("prog.py:4: RuntimeError: expected scalar type Float but found Double")
    assert words.endswith("neither it nor ask.py may fix a dtype: write a.to(x.dtype) in place of a.float().")


@pytest.mark.parametrize(
    "item",
    [CompareTrace(("loss",)), CompareStores("v"), CompareFinal("v"), CompareParameter("v"), CompareOutput()],
)
def test_a_solution_that_gives_nothing_to_compare_is_no_reference(item):
    with pytest.raises(ReferenceFault):
        reference_of(replace(SCRIPT, compare=(item,)), SOURCE, SEED, scripted(), scripted())


def test_a_solution_that_returns_nothing_is_no_reference():
    nothing = answering(FORWARD, Called(values=(Value("none", "NoneType"),)))
    with pytest.raises(ReferenceFault):
        reference_of(FORWARD, SOURCE, SEED, [nothing], [nothing])


# Stated values

GRAPH = "y_hat = x * w\ns = y_hat - y\nloss = s ** 2"
ASK = Ask("dloss_dw", Derivative("loss", "w"), 1, 4)
STATED = Stated(
    Graph(tuple(Node(line.split(" = ")[0], parse(line.split(" = ")[1])) for line in GRAPH.splitlines())),
    {"x": 2.0, "y": 4.0, "w": 1.0},
    (ASK,),
)


def answer(stated, expected=-8.0, reveal=False, digits=4):
    work = replace(STATED, asks=(replace(ASK, digits=digits),))
    answers = {} if stated is None else {"dloss_dw": stated}
    (result,) = judge_asks(work, answers, {"dloss_dw": expected}, reveal)
    return result


def test_a_right_answer_passes_and_nothing_was_run_for_it():
    assert outcome(answer(-8.0)) == (RunStatus.NOT_RUN, Verdict.PASS, 1)
    assert said(answer(-8.0)) == []


def test_a_wrong_answer_fails_and_the_right_one_is_kept():
    assert outcome(answer(7.5)) == (RunStatus.NOT_RUN, Verdict.FAIL, 0)
    assert said(answer(7.5)) == [
        "7.5 is not ∂loss/∂w at x = 2, y = 4, w = 1.",
        "This number matches no known mistake: go through the graph once more, step by step.",
    ]


@pytest.mark.parametrize("stated", [-7.9, -8.1, -7.996])
def test_an_answer_that_was_rounded_is_told_how_many_digits_are_asked(stated: float):
    assert said(answer(stated))[1:] == ["This is close. Give 4 significant digits, and round only at the end."]


def test_where_answers_may_be_revealed_the_accepted_interval_is_told():
    assert said(answer(7.5, reveal=True)) == [
        "7.5 is not ∂loss/∂w at x = 2, y = 4, w = 1.",
        "Accepted: -8.0005 … -7.9995",
    ]


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        (None, "There is no answer for ∂loss/∂w."),
        (math.nan, "NaN cannot be the value of ∂loss/∂w: give a finite number."),
        (math.inf, "∂loss/∂w is a finite number; yours is infinite or too large."),
        (-math.inf, "∂loss/∂w is a finite number; yours is infinite or too large."),
    ],
)
def test_what_is_no_finite_answer_fails_with_its_own_sentence(stated, words):
    assert (answer(stated).verdict, said(answer(stated))) == (Verdict.FAIL, [words])


def test_an_answer_that_could_not_be_read_is_an_error_that_says_why():
    result = answer(finding("answer-not-a-number", file="a.yaml", found="eight"))
    assert (result.verdict, said(result)) == (
        Verdict.ERROR,
        ["a.yaml: eight is not a number; write it as -8, 0.5 or 1e-2"],
    )


def test_asks_are_judged_in_the_order_of_the_exercise():
    work = replace(STATED, asks=(replace(ASK, name="b"), replace(ASK, name="a")))
    results = judge_asks(work, {"a": 1.0, "b": 2.0}, {"a": 1.0, "b": 1.0}, reveal=False)
    assert [(result.name, result.verdict) for result in results] == [("b", Verdict.FAIL), ("a", Verdict.PASS)]


@pytest.mark.parametrize(
    ("expected", "digits", "allowed"),
    [
        (-8.0, 4, 0.0005),
        (7.315944, 4, 0.0005),
        (0.0123, 3, 0.00005),
        (12345.0, 3, 50),
        (1000.0, 4, 0.5),
        (0.0, 4, 5e-5),
    ],
)
def test_half_a_unit_of_the_last_asked_digit_is_allowed(expected, digits, allowed):
    assert ask_allowed(replace(ASK, digits=digits), expected) == pytest.approx(allowed)


def rounded(expected, digits, rounding):
    return float(Context(prec=digits, rounding=rounding).create_decimal(Decimal(repr(expected))))


@STEADY
@given(st.floats(1e-6, 1e6), st.sampled_from([-1, 1]), st.integers(1, 8))
def test_an_answer_rounded_to_the_asked_digits_passes(size, sign, digits):
    expected = sign * size
    for rounding in (ROUND_HALF_UP, ROUND_HALF_DOWN):
        assert answer(rounded(expected, digits, rounding), expected, digits=digits).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("expected", "digits", "stated"), [(0.125, 2, 0.13), (0.125, 2, 0.12), (1.005, 3, 1.01), (2.5, 1, 3.0)]
)
def test_an_answer_rounded_from_the_very_middle_passes_either_way(expected, digits, stated):
    assert answer(stated, expected, digits=digits).verdict is Verdict.PASS


@STEADY
@given(st.floats(1e-6, 1e6), st.integers(1, 8), st.sampled_from([-1, 1]))
def test_an_answer_more_than_half_a_digit_away_fails(expected, digits, side):
    stated = expected + side * 1.001 * ask_allowed(replace(ASK, digits=digits), expected)
    assert answer(stated, expected, digits=digits).verdict is Verdict.FAIL


# Reports


def result(verdict, points=2.0, status=RunStatus.COMPLETED, *messages, name="check"):
    return CheckResult(name, status, verdict, points, messages)


def report(*checks):
    return Report("4.5", "s001", "full", False, checks)


@pytest.mark.parametrize(
    ("verdict", "score"),
    [(Verdict.PASS, 2), (Verdict.FAIL, 0), (Verdict.ERROR, 0), (Verdict.SKIPPED, 0), (Verdict.VOID, None)],
)
def test_a_check_earns_all_its_points_or_none_and_nothing_is_said_where_we_could_not_judge(verdict, score):
    assert result(verdict).score == score


def test_a_report_adds_up_its_checks():
    whole = report(result(Verdict.PASS, 2), result(Verdict.FAIL, 3), result(Verdict.PASS, 0.5))
    assert (whole.score, whole.max_score, whole.full_marks, whole.void) == (2.5, 5.5, False, False)


def test_a_report_with_a_void_check_has_no_score():
    whole = report(result(Verdict.PASS), result(Verdict.VOID))
    assert (whole.score, whole.max_score, whole.full_marks, whole.void) == (None, 4, False, True)


def test_full_marks_take_every_check():
    assert report(result(Verdict.PASS), result(Verdict.PASS)).full_marks
    assert not report(result(Verdict.PASS), result(Verdict.SKIPPED)).full_marks


@pytest.mark.parametrize(
    ("statuses", "worst"),
    [
        ([], RunStatus.NOT_RUN),
        ([RunStatus.NOT_RUN, RunStatus.COMPLETED], RunStatus.COMPLETED),
        ([RunStatus.CRASHED, RunStatus.COMPLETED], RunStatus.CRASHED),
        ([RunStatus.OUT_OF_MEMORY, RunStatus.TIMED_OUT, RunStatus.CRASHED], RunStatus.TIMED_OUT),
        ([RunStatus.SANDBOX_FAILED, RunStatus.TIMED_OUT], RunStatus.SANDBOX_FAILED),
    ],
)
def test_the_status_of_a_report_is_the_worst_of_its_checks(statuses, worst):
    assert report(*(result(Verdict.FAIL, 1, status) for status in statuses)).status is worst
