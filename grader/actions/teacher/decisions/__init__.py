"""What a teacher decides by hand: grades, waivers, what is taken back."""
