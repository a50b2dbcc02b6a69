"""Readers of annotated corpora: the mentions of brat, CoNLL, Web Annotation and annotation tools, kept exactly."""
