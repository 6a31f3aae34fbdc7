"""What teachers say and decide at their desk: comments, answers, when feedback is seen, what is judged again."""
