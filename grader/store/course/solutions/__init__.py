"""Reads an author's answers and programs: solutions, wrong programs, mutants that are right."""
