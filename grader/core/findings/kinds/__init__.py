"""The kinds of finding with the sentence of each, in English; the catalogues hold the other languages."""
