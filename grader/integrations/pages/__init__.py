"""Pages for people: one for the class, one for each student, each a file that needs no other and no network."""

from grader.integrations.pages.class_page import class_page
from grader.integrations.pages.student_page import student_page
from grader.integrations.pages.writing import write_pages

__all__ = ["class_page", "student_page", "write_pages"]
