"""What this machine keeps or needs: remembered runs, message catalogues, new files."""
