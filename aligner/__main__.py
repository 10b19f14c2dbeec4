"""``python -m aligner``: the same as the command `aligner`."""

from aligner.cli.main import main

main()
