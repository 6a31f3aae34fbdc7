"""What a program finds around it: packages, stand-ins for what is missing, random numbers."""
