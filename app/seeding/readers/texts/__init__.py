"""Texts: plain text and Markdown, with the headers and the front matter above them."""
