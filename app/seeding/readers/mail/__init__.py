"""Readers of mail: single messages, and mailboxes of them."""
