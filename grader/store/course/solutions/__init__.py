"""Reads what lies beside a solution, which no student sees: answers, wrong programs, mutants that are right."""
