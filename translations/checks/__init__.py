"""What can be wrong with a translation, found without understanding it: `runner.check`.

Each module knows one kind of fault and has one public function, `check`, that is handed a `pairs.Pair` and yields what
it found. All but the runner, which speaks the reader's language, are pure.
"""
