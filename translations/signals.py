"""News of the desk, for the memory and whoever else listens."""

from django.dispatch import Signal

# Sent inside the transaction, with `unit`: a language reviewer approved it, or it was published.
unit_approved = Signal()
