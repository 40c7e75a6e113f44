"""Files for translators, out and in, whatever the format; see docs/decisions/0017-files-for-translators.md."""
