"""What programs ask of the site, such as the hospital's mini-program: see docs/decisions/0014-machines-that-ask.md."""
