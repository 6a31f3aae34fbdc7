"""The number of the rules of judging."""

# Raise it by one, knowingly, whenever the same submission may get another verdict or score than before: a rule of
# comparison, a tolerance, what the recorders see, how points are added up. What was judged under an earlier number
# keeps its grade and is shown as stale, cached references are observed again, and released copies ask for new files.
# A change of words, speed or layout never raises it. `tests/grading/judge/test_golden.py` forces it.
JUDGING = 1
