"""What a teacher decides by hand: marks, waivers, what is taken back."""
