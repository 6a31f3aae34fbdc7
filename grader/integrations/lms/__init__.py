"""Files of learning management systems, and tables of grades."""
