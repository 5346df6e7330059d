"""mailbot: reads support mailboxes, asks customers only for what is missing, and tells the engineers."""

__version__ = "0.1.0"
