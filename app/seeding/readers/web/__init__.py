"""Readers of HTML: saved web pages, and the bodies of feeds, mails and exports."""
